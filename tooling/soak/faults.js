// pnpm soak:faults: faults around a run, one row each; after each, no file is half written and the run continues if possible.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { helpIfAsked, kshot, main, makeStart } from "./kshot.js";

helpIfAsked(`
Usage: node tooling/soak/faults.js [--only TEXT]

Runs kshot with a full disk, too many open files, and in other unusual conditions; one row for each.

  --only TEXT  only the rows whose name contains this text

Exit code 1 if a row is not as promised.
`);

const folder = mkdtempSync(join(tmpdir(), "kshot-faults-"));
const layer = fileURLToPath(new URL("fault-layer.js", import.meta.url));
const cwd = folder;
const train = (out, ...more) => [
  "train",
  "--data",
  "data",
  "--config",
  "settings.json",
  "--algorithm",
  "meta-sgd",
  "--out",
  out,
  ...more,
];
const resume = (out) => kshot(["train", "--resume", "--out", out], { cwd });
const fault = (what) => ({ cwd, env: { NODE_OPTIONS: `--import=${layer}`, KSHOT_FAULT: what } });
const rows = [];
const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : undefined;

/** One row: the action, whether it ended as expected, and the output. */
async function row(name, work) {
  if (only !== undefined && !name.includes(only)) return;
  let found;
  try {
    found = await work();
  } catch (error) {
    found = `${error.message}`;
  }
  const raw = /\n\s+at \S+ \(|TypeError|RangeError/.test(String(found));
  rows.push([
    name,
    found === true && !raw ? "as promised" : `NOT: ${String(found).slice(0, 300).replaceAll("\n", " ")}`,
  ]);
  process.stdout.write(`${rows.at(-1).join(": ")}\n`);
}
/** True if the exit code and the message are as expected; otherwise the output. */
const says = (done, status, pattern = /(?:)/) =>
  done.status === status && pattern.test(done.stderr) ? true : `exit ${done.status}: ${done.stderr}`;
const both = (a, b) => (a === true ? b : a);

await makeStart(folder);
for (const at of [3, 9, 20, 30]) {
  await row(`full disk from operation ${at} on, then free space again`, async () => {
    const out = `full-${at}`;
    const done = await kshot(train(out), fault(`ENOSPC:${at}`));
    const first = says(done, 1, /no space is left/);
    const again = await resume(out);
    const then = /no run in|cannot be read|no such file/i.test(again.stderr) ? await kshot(train(out), { cwd }) : again;
    return both(first, says(then, 0));
  });
}
await row("too many open files", async () =>
  says(await kshot(train("emfile"), fault("EMFILE:12")), 1, /too many open files/),
);
await row("ulimit -n 80", async () => {
  const done = await kshot([], {
    cwd,
    shell: `ulimit -n 80; '${process.execPath}' '${main}' ${train("few").join(" ")}`,
  });
  return done.status === 0 || says(done, 1, /too many open files/);
});
await row("data removed while it trains", async () => {
  const done = await kshot(train("gone", "--iterations", "4000"), {
    ...{ cwd, signal: "SIGINT", after: /Run /, afterMs: 1500 },
    onAfter: () => renameSync(join(folder, "data"), join(folder, "away")),
  });
  const refused = await resume("gone");
  renameSync(join(folder, "away"), join(folder, "data"));
  return both(says(done, 130), says(refused, 3, /no such folder/));
});
await row("ten runs at once in one project", async () => {
  const done = await Promise.all(
    Array.from({ length: 10 }, () =>
      kshot(["train", "--data", "data", "--algorithm", "popularity", "--out", "ten"], { cwd }),
    ),
  );
  const bad = done.find(({ status }) => status !== 0);
  const there = readdirSync(join(folder, "ten", "reports", "kshot")).length;
  return bad === undefined && there === 10 ? true : `${there} runs; ${bad?.stderr}`;
});
await row("clock set back: a lock of tomorrow, of an ended process", async () => {
  await kshot(train("clock"), { cwd, signal: "SIGKILL", afterMs: 3000 });
  mkdirSync(join(folder, "clock"), { recursive: true });
  const lock = join(folder, "clock", "meta.json.lock");
  writeFileSync(lock, "4194300 nobody\n");
  const tomorrow = Date.now() / 1000 + 86_400;
  utimesSync(lock, tomorrow, tomorrow);
  const done = await kshot(["train", "--data", "data", "--algorithm", "popularity", "--out", "clock"], { cwd });
  return says(done, 0);
});
await row("no HOME", async () => says(await kshot(train("home"), { cwd, env: { HOME: "" } }), 0));
await row("a TMPDIR that does not exist", async () =>
  says(
    await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "tmpless"], {
      cwd,
      env: { TMPDIR: join(folder, "nowhere") },
    }),
    0,
  ),
);
await row("another locale and time zone: the same data", async () => {
  const env = { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8", TZ: "Asia/Kolkata" };
  const done = await kshot(["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "turkish"], {
    cwd,
    env,
  });
  const same = await kshot([], { cwd, shell: "diff -r -x openings.json data turkish" });
  return both(says(done, 0), same.status === 0 ? true : same.stdout);
});
for (const name of ["with blanks in it", "with\na line end", "größe-日本", "-- --data"]) {
  await row(`an out folder ${JSON.stringify(name)}`, async () => says(await kshot(train(`./${name}`), { cwd }), 0));
}
await row("an out folder that is a symbolic link", async () => {
  mkdirSync(join(folder, "real"));
  symlinkSync(join(folder, "real"), join(folder, "link"));
  const done = await kshot(train("link"), { cwd });
  return both(says(done, 0), existsSync(join(folder, "real", "meta.json")));
});
await row("no network: in a space without interfaces", async () => {
  const done = await kshot([], {
    cwd,
    shell: `unshare -rn '${process.execPath}' '${main}' ${train("offline").join(" ")} || test $? = 1`,
  });
  return /unshare/.test(done.stderr) ? "unshare is not permitted here" : says(done, 0);
});
rmSync(folder, { recursive: true, force: true });
const bad = rows.filter(([, found]) => found !== "as promised").length;
process.stdout.write(`${JSON.stringify({ rows: rows.length, asPromised: rows.length - bad })}\n`);
process.exitCode = bad === 0 ? 0 : 1;
