import { type Method, type NamedResults, seedOf } from "@kshot/comparison";
import { view } from "../../state.js";

/** Settings of every run: those that differ, or all. */
export function SettingsTable({ runs }: { runs: readonly { readonly method: Method; readonly file: NamedResults }[] }) {
  // The open files show which algorithms a run trained.
  const flat = runs.map(({ file }) => flatten(file.results.config));
  const keys = [...new Set(flat.flatMap((own) => Object.keys(own)))].filter((key) => key !== "algorithms").sort();
  const differing = keys.filter((key) => new Set(flat.map((own) => own[key] ?? "–")).size > 1);
  const all = view.allSettings.value;
  const shown = all ? keys : differing;
  return (
    <>
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
        <p class="unprinted">
          {runs.length === 1
            ? "A single run has no differences; tick “all” to see its settings."
            : "All settings are the same; tick “all” to see them."}
        </p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, and must by keyboard too
        <section class="scroll" tabIndex={0} aria-label="Settings, table">
          <table>
            <caption>{all ? "All settings" : "Settings that differ"}</caption>
            <thead>
              <tr>
                <th scope="col">setting</th>
                {runs.map(({ method, file }) => (
                  <th scope="col">
                    {method.title}, seed {seedOf(file.results)}
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
    </>
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
