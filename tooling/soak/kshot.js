import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const main = fileURLToPath(new URL("../../apps/cli/dist/main.js", import.meta.url));

/**
 * Runs a command in a separate process.
 *
 * @param {readonly string[]} args
 * @param {{ cwd: string, env?: Record<string, string>, signal?: NodeJS.Signals, after?: RegExp,
 *   afterMs?: number, onAfter?: () => void, shell?: string }} options the signal is sent `afterMs` after the start, or after a text on stderr
 * @returns {Promise<{ status: number | null, killed: string | null, stdout: string, stderr: string, ms: number }>}
 */
export function kshot(args, { cwd, env = {}, signal, after, afterMs, onAfter, shell }) {
  const { INIT_CWD, npm_lifecycle_event, ...environment } = process.env;
  const began = performance.now();
  const options = { cwd, env: { ...environment, ...env } };
  const child =
    shell === undefined ? spawn(process.execPath, [main, ...args], options) : spawn("sh", ["-c", shell], options);
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
  let timer;
  const count = () => {
    if (signal !== undefined) timer ??= setTimeout(() => child.kill(signal), afterMs);
  };
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
    if (after === undefined || timer !== undefined || !after.test(stderr)) return;
    count();
    onAfter?.();
  });
  if (after === undefined) count();
  return new Promise((resolve) =>
    child.on("close", (status, killed) => {
      clearTimeout(timer);
      resolve({ status, killed, stdout, stderr, ms: performance.now() - began });
    }),
  );
}

/** Numbers in [0, 1) from a seed: mulberry32. @param {number} seed */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Events of 40 people, 24 each, that walk 12 items. @param {string} file */
export function writeEvents(file) {
  const rows = ["user,item,time"];
  for (let u = 0; u < 40; u++) {
    for (let e = 0; e < 24; e++) {
      rows.push(`u${u},course-${(u + e * (1 + (u % 3))) % 12},${1_600_000_000 + u * 1_000_000 + e * 600}`);
    }
  }
  writeFileSync(file, `${rows.join("\n")}\n`);
}

/** Writes events, settings of a run of a second, and a suite of two such runs. @param {string} folder */
export function writeStart(folder) {
  mkdirSync(folder, { recursive: true });
  writeEvents(join(folder, "events.csv"));
  const settings = {
    gru_config: { embedding_dim: 4, hidden_dim: 6 },
    gru_training: { max_epochs: 6, batch_size: 16, patience: 6 },
    metasgd_config: { num_meta_iterations: 24, meta_batch_size: 4, eval_interval: 6, checkpoint_interval: 4 },
  };
  writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
  const runs = [
    { name: "plain", algorithms: ["markov", "gru"] },
    { name: "meta", algorithms: ["meta-sgd"] },
  ];
  writeFileSync(join(folder, "suite.json"), JSON.stringify({ format: "kshot.suite/1", seeds: [1, 2], settings, runs }));
}

/** As `writeStart`, with prepared data. @param {string} folder */
export async function makeStart(folder) {
  writeStart(folder);
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"], {
    cwd: folder,
  });
  if (done.status !== 0) throw new Error(done.stderr);
}

/** The value behind a flag of this script. @param {string} name @param {number} unset */
export function numberOf(name, unset) {
  const at = process.argv.indexOf(name);
  return at < 0 ? unset : Number(process.argv[at + 1]);
}

/** Prints how a script is used and ends it, where `--help` is typed. @param {string} text */
export function helpIfAsked(text) {
  if (!process.argv.slice(2).some((word) => word === "--help" || word === "-h")) return;
  process.stdout.write(`${text.trim()}\n`);
  process.exit(0);
}
