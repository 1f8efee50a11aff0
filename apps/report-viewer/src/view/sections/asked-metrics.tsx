import { askedMetricsIn, askedMetricTables, type NamedResults, type Place } from "@kshot/comparison";

/** Metrics requested with `--metrics`: the table that the terminal prints. */
export function AskedMetrics({ files, place }: { files: readonly NamedResults[]; place: Place }) {
  const metrics = askedMetricsIn(files);
  const [table] = askedMetricTables(files, metrics, { split: place.split, windows: [place.window] });
  if (metrics.length === 0 || table === undefined) return null;
  const [head = []] = table.head;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, and must by keyboard too
    <section class="scroll whole" id="asked-metrics" tabIndex={0} aria-label="Metrics of --metrics, table">
      <table>
        <caption>Metrics of --metrics, with 95 % intervals over people</caption>
        <thead>
          <tr>
            {head.map((cell) => (
              <th scope="col">{cell}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map(([name, ...cells]) => (
            <tr>
              <th scope="row">{name}</th>
              {cells.map((cell) => (
                <td>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {(table.notes ?? []).map((note) => (
        <p class="note">{note}</p>
      ))}
    </section>
  );
}
