/**
 * Processor time (user + system) of short commands, median of several runs: `node tooling/bench/start.js [--runs 20] [--other DIR]`.
 *
 * --other is another built copy of the workspace; both run alternately. Node without a program is measured in the same turns.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { runs: { type: "string", default: "20" }, other: { type: "string" } } });
const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "kshot-start-"));
const empty = join(folder, "empty.mjs");
writeFileSync(empty, "");

const history = ["01", "02", "03", "04"].flatMap((number) => ["--history", `biology-${number}`]);
const model = join(root, "packages/recommend/example/campus.safetensors");
const commands = { "--help": ["--help"], recommend: ["recommend", "--model", model, ...history] };
const programs = { here: root, ...(values.other === undefined ? {} : { other: resolve(values.other) }) };
const cases = [
  { what: "node alone", words: [empty] },
  ...Object.entries(commands).flatMap(([name, words]) =>
    Object.entries(programs).map(([program, at]) => ({
      what: `kshot ${name}, ${program}`,
      words: [join(at, "apps/cli/dist/main.js"), ...words],
    })),
  ),
];

/** Milliseconds of processor time of one run, by the shell. */
function processorTime(words) {
  const line = 'TIMEFORMAT="%3U %3S"; time "$0" "$@" >/dev/null 2>&1';
  const { status, stderr } = spawnSync("bash", ["-c", line, process.execPath, ...words], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${words.join(" ")}: exit code ${status}`);
  const [user, system] = stderr.trim().split(" ").map(Number);
  return 1000 * (user + system);
}

const times = cases.map(() => []);
for (let run = 0; run < Number(values.runs); run++) {
  for (const [i, { words }] of cases.entries()) times[i].push(processorTime(words));
}
for (const [i, { what }] of cases.entries()) {
  const sorted = times[i].sort((a, b) => a - b).map(Math.round);
  const at = (share) => sorted[Math.floor(share * (sorted.length - 1))];
  console.log(`${what.padEnd(24)} median ${at(0.5)} ms, ${at(0)} to ${at(1)}`);
}
rmSync(folder, { recursive: true });
