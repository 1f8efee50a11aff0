import { accountInWords, fewShotOf, type Method, type NamedResults, seedOf, whole } from "@kshot/comparison";
import { closeFile } from "../../opened-files.js";
import { allValues } from "../../paper/all-values.js";
import { csvOf } from "../../paper/text-tables.js";
import { methods, place } from "../../state.js";
import { saveText } from "../save.js";
import { Term } from "../term.js";
import { SettingsTable } from "./settings-table.js";

/** A property of a run; `says` is its definition. */
interface Fact {
  readonly name: string;
  readonly says?: string;
  readonly of: (file: NamedResults) => string;
}

const facts: readonly Fact[] = [
  { name: "Data", of: ({ results }) => peopleWords(results.data) },
  {
    name: "Data fingerprint",
    says: "SHA-256 over vocabulary, pairs and episodes",
    of: ({ results }) => results.data.fingerprint,
  },
  {
    name: "Computed by",
    of: ({ results }) => {
      const { engine, build, workers } = results.volatile;
      if (engine === "none") return "no engine";
      return `${engine}${build === engine ? "" : ` (${build})`}, ${workers} ${workers === 1 ? "worker" : "workers"}`;
    },
  },
  { name: "Run", of: ({ results }) => `${results.volatile.runTag} ${results.volatile.createdAt}`.trim() },
  {
    name: "Test evaluations",
    says: "Number of evaluations of the test people of these data, by all runs",
    of: ({ results }) => String(results.test.opened),
  },
];

/** Largest number of runs in the print; the methods of all runs are at its beginning. */
const mostPrinted = 24;

/** Data, runs, settings, and the commands that made the results. */
export function Runs() {
  const runs = methods.value.flatMap((method) => method.files.map((file) => ({ method, file })));
  const prints = new Set(runs.map(({ file }) => file.results.data.fingerprint));
  const [first] = runs;
  const shared = facts.filter(({ of }) => new Set(runs.map(({ file }) => of(file))).size === 1);
  const own = facts.filter((fact) => !shared.includes(fact));
  const scroll = `scroll whole${runs.length > mostPrinted ? " unprinted" : ""}`;
  const fingerprints = runs.some(({ file }) => modelFingerprint(file) !== undefined);
  return (
    <section class="section" aria-labelledby="runs-title">
      <h2 id="runs-title" tabIndex={-1}>
        Runs
      </h2>
      {prints.size > 1 ? (
        <p class="differing">
          These results are of {prints.size} different data sets; figures of different people cannot be compared.
        </p>
      ) : null}
      {first === undefined ? null : (
        <dl class="shared">
          {shared.map((fact) => (
            <>
              <dt>
                <Term says={fact.says}>{fact.name}</Term>
              </dt>
              <dd>{fact.of(first.file)}</dd>
            </>
          ))}
          <dt>Shown</dt>
          <dd>{shownPeople(first.file)}</dd>
        </dl>
      )}
      {first === undefined || prints.size > 1 ? null : <Account file={first.file} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls, and must by keyboard too */}
      <section class={scroll} tabIndex={0} aria-label="Runs, table">
        <table class="runs">
          <caption>{runs.length === 1 ? "The open run" : `The ${runs.length} open runs`}</caption>
          <thead>
            <tr>
              <th scope="col">method</th>
              <th scope="col">seed</th>
              <th scope="col" class="text">
                file
              </th>
              {fingerprints ? <th scope="col">model</th> : null}
              {own.map((fact) => (
                <th scope="col" class="text">
                  <Term says={fact.says}>{fact.name}</Term>
                </th>
              ))}
              <th scope="col">
                <span class="unseen">close</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ method, file }) => (
              <tr>
                <th scope="row">{method.title}</th>
                <td>{seedOf(file.results)}</td>
                <td class="text">{file.name}</td>
                {fingerprints ? (
                  <td>
                    <ModelFingerprint file={file} />
                  </td>
                ) : null}
                {own.map((fact) => (
                  <td class="text">{fact.of(file)}</td>
                ))}
                <td>
                  <button type="button" aria-label={`Close ${file.name}`} onClick={() => closeFile(file)}>
                    ×
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p class="buttons">
        <button
          type="button"
          onClick={() => saveText("kshot-all-values.csv", csvOf(allValues(methods.value)), "text/csv")}
        >
          All values as CSV
        </button>
      </p>
      <h3>Commands</h3>
      <ul class="commands">
        {commandsOf(runs).map(([command, what]) => (
          <li>
            <code>{command}</code> <span class="note">{what.join("; ")}</span>
          </li>
        ))}
      </ul>
      <SettingsTable runs={runs} />
    </section>
  );
}

/** The account of every row of the events that the data were prepared from. */
function Account({ file }: { file: NamedResults }) {
  const { account, people } = file.results.data;
  if (account === undefined) return null;
  return (
    <>
      <h3>From events to data</h3>
      <dl class="shared account">
        {accountInWords(account, people.train + people.val + people.test).map(([label, text]) => (
          <>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
    </>
  );
}

function ModelFingerprint({ file }: { file: NamedResults }) {
  const model = modelFingerprint(file);
  if (model === undefined) return <>–</>;
  const alpha = file.results.model?.alphaSha256;
  const says = `SHA-256 of the trained parameters: ${model}${alpha === undefined ? "" : `\nof their inner rates α: ${alpha}`}`;
  return (
    <code>
      <Term says={says}>{model.slice(0, 12)}</Term>
    </code>
  );
}

function peopleWords({ items, people }: NamedResults["results"]["data"]): string {
  return `${whole(items.length)} items; ${whole(people.train)} train, ${whole(people.val)} validation, ${whole(people.test)} test people`;
}

/** How many people have enough pairs for the evaluation. */
function shownPeople(file: NamedResults): string {
  const { k, q, data } = file.results;
  const { split, window } = place.value;
  const measured = fewShotOf(file.results, { split, window })?.people.user.length ?? 0;
  return `${whole(data.people[split])} ${split === "test" ? "test" : "validation"} people, ${whole(measured)} of them with K + Q = ${k + q} pairs`;
}

/** Each command once, with the methods that it trained or evaluated. */
function commandsOf(runs: readonly { readonly method: Method; readonly file: NamedResults }[]): [string, string[]][] {
  const commands = new Map<string, string[]>();
  for (const { method, file } of runs) {
    for (const part of file.parts ?? [file]) {
      const { command } = part.results.volatile;
      // Anonymous results hold no command.
      if (command === "") continue;
      const what = method.files.length > 1 ? `${method.title}, seed ${seedOf(file.results)}` : method.title;
      commands.set(command, [...new Set([...(commands.get(command) ?? []), what])]);
    }
  }
  return [...commands];
}

/** SHA-256 of the trained parameters; files of earlier versions have none. */
function modelFingerprint({ results }: NamedResults): string | undefined {
  return results.model?.sha256;
}
