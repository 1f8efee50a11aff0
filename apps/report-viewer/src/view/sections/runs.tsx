import { whole } from "../../model/format.js";
import { seedOf } from "../../model/methods.js";
import { methods, view } from "../../state.js";

/** What was run, with what settings, and how to run it again. */
export function Runs() {
  const files = methods.value.flatMap((method) => method.files.map((file) => ({ method, file })));
  const flat = files.map(({ file }) => flatten(file.results.config));
  const keys = [...new Set(flat.flatMap((own) => Object.keys(own)))].sort();
  const differing = keys.filter((key) => new Set(flat.map((own) => own[key] ?? "–")).size > 1);
  const all = view.allSettings.value;
  const shown = all ? keys : differing;
  const prints = [...new Set(files.map(({ file }) => file.results.data.fingerprint))];
  return (
    <section class="section" aria-labelledby="runs-title">
      <h2 id="runs-title" tabIndex={-1}>
        Runs
      </h2>
      {prints.length > 1 ? (
        <p class="problem">
          These results are of {prints.length} different data sets; figures of different people do not compare.
        </p>
      ) : null}
      <div class="cards">
        {files.map(({ method, file }) => {
          const { data, volatile, test } = file.results;
          return (
            <article class="card">
              <h3>
                {method.title}, seed {seedOf(file)}
              </h3>
              <dl>
                <dt>File</dt>
                <dd>{file.name}</dd>
                <dt>Data</dt>
                <dd>
                  {whole(data.items.length)} items; {whole(data.people.train)} train, {whole(data.people.val)}{" "}
                  validation, {whole(data.people.test)} test people
                </dd>
                <dt title="SHA-256 over vocabulary, pairs and episodes">Data fingerprint</dt>
                <dd>
                  <code>{data.fingerprint}</code>
                </dd>
                <dt>Computed by</dt>
                <dd>
                  {volatile.engine} ({volatile.build}), {volatile.workers}{" "}
                  {volatile.workers === 1 ? "worker" : "workers"}
                </dd>
                <dt>Run</dt>
                <dd>
                  {volatile.runTag} {volatile.createdAt}
                </dd>
                <dt title="How often this run's models were shown the test people">Test openings</dt>
                <dd>{test.opened}</dd>
                <dt>Again by</dt>
                <dd>
                  <code>{volatile.command}</code>
                </dd>
              </dl>
            </article>
          );
        })}
      </div>
      <h3>Settings</h3>
      <label class="choice inline">
        <input
          type="checkbox"
          checked={all}
          onChange={(event) => {
            view.allSettings.value = event.currentTarget.checked;
          }}
        />
        <span>all, not only those that differ</span>
      </label>
      {shown.length === 0 ? (
        <p>
          {files.length === 1
            ? "One run alone differs from nothing; tick “all” to see its settings."
            : "All settings are the same."}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, and must by keyboard too
        <section class="scroll" tabIndex={0} aria-label="Settings, table">
          <table>
            <caption>{all ? "All settings" : "Settings that differ"}</caption>
            <thead>
              <tr>
                <th scope="col">setting</th>
                {files.map(({ method, file }) => (
                  <th scope="col">
                    {method.title}, seed {seedOf(file)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((key) => (
                <tr class={all && differing.includes(key) ? "differs" : ""}>
                  <th scope="row">{key}</th>
                  {flat.map((own) => (
                    <td>{own[key] ?? "–"}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

function flatten(value: unknown, under = ""): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { [under]: JSON.stringify(value) ?? "–" };
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, own]) => flatten(own, under === "" ? key : `${under}.${key}`)),
  );
}
