#!/usr/bin/env node
/**
 * Runs the same training with two builds of the command line and lists what differs, to show that a change of the code changes no number.
 *
 *   node tooling/bench/same-bits.js OLD/apps/cli/dist/main.js [NEW/apps/cli/dist/main.js] [--algorithm LIST] [--iterations 60]
 *
 * Both builds train on one synthetic campus of 400 people, prepared by the old build. Tensors are compared bit by bit. Results are compared
 * without `volatile` and are listed by path: how many values differ, and the first pair. Exit code 1 if a tensor differs.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { decodeSafetensors } from "../../packages/store/dist/safetensors-format.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    algorithm: { type: "string", default: "meta-sgd,maml,fomaml,anil,residual-maml,popularity,markov,recent" },
    iterations: { type: "string", default: "60" },
  },
});
if (positionals.length < 1 || positionals.length > 2) {
  console.error("same-bits: one or two builds expected: the old build's apps/cli/dist/main.js, then the new one's.");
  process.exit(2);
}
const old = resolve(positionals[0]);
const current = resolve(positionals[1] ?? fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url)));

const project = mkdtempSync(join(tmpdir(), "kshot-same-bits-"));
try {
  const command = (build, ...args) =>
    execFileSync(process.execPath, [build, ...args], { cwd: project, stdio: ["ignore", "ignore", "inherit"] });
  command(old, "synth", "--out", "events", "--users", "400", "--items", "60", "--data-seed", "3");
  command(old, "prepare", "--input", "events/events.csv", "--out", "campus", "--k", "3", "--q", "4");
  writeFileSync(join(project, "sizes.json"), JSON.stringify({ gru_config: { embedding_dim: 16, hidden_dim: 24 } }));
  const [before, after] = [old, current].map((build, index) => {
    const out = index === 0 ? "old" : "new";
    command(
      ...[
        build,
        "train",
        "--data",
        "campus",
        "--k",
        "3",
        "--q",
        "4",
        "--config",
        "sizes.json",
        "--algorithm",
        values.algorithm,
      ],
      ...["--iterations", values.iterations, "--eval-interval", "20", "--name", "same", "--out", out],
    );
    const reports = join(project, out, "reports", "same");
    return join(reports, readdirSync(reports)[0]);
  });
  const tensors = compareModels(join(before, "models"), join(after, "models"));
  console.log(
    `${tensors.equal} tensors are equal bit by bit, ${tensors.different.length} differ${list(tensors.different)}`,
  );
  compareResults(join(before, "results"), join(after, "results"));
  if (tensors.different.length > 0 || tensors.equal === 0) process.exitCode = 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}

/** Compares each tensor of each model of the old run with the tensor of the same name of the new run. */
function compareModels(before, after) {
  const different = [];
  let equal = 0;
  for (const file of readdirSync(before, { recursive: true }).filter((name) => name.endsWith(".safetensors"))) {
    const [first, second] = [join(before, file), join(after, file)].map(tensorsOf);
    for (const [name, bytes] of Object.entries(first)) {
      if (second[name] !== undefined && bytes.equals(second[name])) equal += 1;
      else different.push(`${file} ${name}`);
    }
  }
  return { equal, different };
}

/** The values of each tensor of a safetensors file, as bytes. */
function tensorsOf(file) {
  const { tensors } = decodeSafetensors(readFileSync(file), file);
  return Object.fromEntries(
    tensors.map(({ name, values: { buffer, byteOffset, byteLength } }) => [
      name,
      Buffer.from(buffer, byteOffset, byteLength),
    ]),
  );
}

/** Prints, for each results file, the paths whose values differ. */
function compareResults(before, after) {
  for (const file of readdirSync(before)) {
    const [first, second] = [before, after].map((folder) => JSON.parse(readFileSync(join(folder, file), "utf8")));
    const differences = new Map();
    collectDifferences(first, second, "", differences);
    const lines = [...differences].map(
      ([path, { count, pair }]) => `${path} (${count}): ${pair.map(brief).join(" -> ")}`,
    );
    console.log(`${file}: ${lines.length === 0 ? "equal" : "differs"}${list(lines)}`);
  }
}

/** Adds each difference below `path`; positions in lists are left out of the path, `volatile` is not compared. */
function collectDifferences(first, second, path, differences) {
  if (isDeepStrictEqual(first, second)) return;
  const bothLists = Array.isArray(first) && Array.isArray(second) && first.length === second.length;
  const bothObjects = [first, second].every(
    (value) => value !== null && typeof value === "object" && !Array.isArray(value),
  );
  if (bothLists) {
    for (const [index, value] of first.entries()) collectDifferences(value, second[index], `${path}[]`, differences);
  } else if (bothObjects) {
    const keys = new Set([...Object.keys(first), ...Object.keys(second)]);
    keys.delete("volatile");
    for (const key of keys) collectDifferences(first[key], second[key], `${path}/${key}`, differences);
  } else {
    const known = differences.get(path);
    if (known === undefined) differences.set(path, { count: 1, pair: [first, second] });
    else known.count += 1;
  }
}

/** A value in at most 40 characters. */
function brief(value) {
  return value === undefined ? "absent" : JSON.stringify(value).slice(0, 40);
}

/** Lines below a heading, indented; nothing for none. */
function list(lines) {
  return lines.map((line) => `\n  ${line}`).join("");
}
