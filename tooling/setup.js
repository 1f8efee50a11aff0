#!/usr/bin/env node
/**
 * The set-up of the workspace, for a machine with only Node and npm.
 *
 *   node tooling/setup.js           install the packages of package.json, build every package
 *   node tooling/setup.js start …   the same, then the main job:  pnpm --filter cli start train …
 *   node tooling/setup.js test …    the same, then the tests:     turbo run test …
 *   node tooling/setup.js check …   the same, then the types:     turbo run check …
 *
 * Nothing global is needed or changed. If pnpm is not on the PATH, the version in `packageManager`
 * runs through npx. An install that is already up to date is skipped.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { printSlowTests } from "./slow-tests.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const windows = process.platform === "win32";
const pinned = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).packageManager;
const environment = {
  ...process.env,
  TURBO_TELEMETRY_DISABLED: "1",
  DO_NOT_TRACK: "1",
  npm_config_update_notifier: "false",
};

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `kshot needs Node 20.19 or later; this is Node ${process.versions.node}. Install a newer Node and run the command again.`,
  );
}

const pnpm = findPnpm();
const [task, ...rest] = process.argv.slice(2);
if (task !== undefined && !["start", "test", "check"].includes(task)) {
  fail(`tooling/setup.js knows start, test and check, not "${task}".`);
}
install();
// Tests wait for browsers, timers and child processes: one task more than there are cores keeps the cores busy.
const tasks = Math.min(availableParallelism() + 1, 5);
if (task === "test") turbo("test", `--concurrency=${tasks}`, "--continue=dependencies-successful", ...rest);
else if (task === "check") turbo("check", "--concurrency=2", ...rest);
else turbo("build", "--output-logs=errors-only");
if (task === "start") run(["--filter", "cli", "start", "train", ...rest]);
if (task === undefined && pnpm.length > 1) {
  console.log(`
Ready. pnpm is not on the PATH; call it as

    npx ${pinned} --filter cli start train

or install it once with "npm install --global ${pinned}" and drop the "npx …" in front.`);
} else if (task === undefined) {
  console.log("\nReady. Try:  pnpm --filter cli start train");
}

/** The command that runs the pinned pnpm: the one on the PATH when it is of the same major version, else npx. */
function findPnpm() {
  const found = spawnSync("pnpm", ["--version"], { cwd: root, encoding: "utf8", shell: windows });
  const wanted = pinned.split("@")[1];
  if (found.status === 0 && found.stdout.trim().split(".")[0] === wanted.split(".")[0]) return ["pnpm"];
  return ["npx", "--yes", pinned];
}

/** Installs the versions of the lock file, unless the same lock file is installed already. */
function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "pnpm-lock.yaml")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".kshot-setup");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("Setting up: installing packages from the registry (once, about a minute) …");
  run(["install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only"], () =>
    console.error(
      "The packages could not be installed. The first set-up needs the npm registry; later runs work offline.",
    ),
  );
  writeFileSync(stamp, lock);
}

/**
 * Runs a turbo task in every package that has it, each after its dependencies. Failed and skipped tasks are listed again at the
 * end.
 */
function turbo(name, ...args) {
  const started = Date.now();
  run(["exec", "turbo", "run", name, ...args], () => {
    if (name === "test") printSlowTests(root, (Date.now() - started) / 1000);
    for (const { folder, log } of logsSince(started, name)) {
      const failed = log.findIndex((line) => /Failed (Tests|Suites)/.test(line));
      if (!log.some((line) => line.includes("ELIFECYCLE"))) continue;
      console.error(`\nFailed: ${name} of ${folder}\n`);
      console.error((failed < 0 ? log.slice(-60) : log.slice(failed, failed + 120)).join("\n"));
    }
  });
  if (name === "test") printSlowTests(root, (Date.now() - started) / 1000);
  for (const { folder, log } of logsSince(started, name)) {
    for (const line of log.filter((text) => text.startsWith("SKIPPED"))) console.error(`${folder}: ${line}`);
  }
}

/** Output of a task by package, where it ran since then. */
function logsSince(started, task) {
  return ["packages", "apps", "examples", "."].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((child) => {
      const file = join(root, parent, child, ".turbo", `turbo-${task}.log`);
      if (!existsSync(file) || statSync(file).mtimeMs < started) return [];
      return [{ folder: join(parent, child), log: readFileSync(file, "utf8").split("\n") }];
    }),
  );
}

/** Runs pnpm with these arguments; when it fails, explains and ends this program with the same exit code. */
function run(args, explain = () => {}) {
  const [command, ...before] = pnpm;
  const done = spawnSync(command, [...before, ...args], {
    cwd: root,
    stdio: "inherit",
    env: environment,
    shell: windows,
  });
  if (done.error) fail(`Cannot run ${command}: ${done.error.message}. npm comes with Node; is it on the PATH?`);
  if (done.status !== 0) {
    explain();
    process.exit(done.status ?? 130);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
