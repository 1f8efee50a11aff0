#!/usr/bin/env node
/**
 * Runs every command of docs/study.md in one folder, in the order of the page; then checks the page's tables against the runs.
 *
 *   node tooling/study/repeat.js --events FILE [--in DIR] [--only campus,null] [--page docs/study.md]
 *
 * FILE has the events of the MOOC, columns `user_id`, `item_id`, `created_at`; it is not needed for the campus and the null campus alone. `--only`
 * runs the blocks of commands that read these data folders (`--data NAME`) and no others. About two hours on one core.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
const { values } = parseArgs({
  options: {
    events: { type: "string" },
    in: { type: "string", default: "study" },
    only: { type: "string" },
    page: { type: "string", default: join(root, "docs", "study.md") },
  },
});
const folder = resolve(values.in);
mkdirSync(folder, { recursive: true });
const events = join(folder, "events.csv");
if (values.events) copyFileSync(values.events, events);

const blocks = [...readFileSync(values.page, "utf8").matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
  ([, commands]) => commands,
);
const only = values.only?.split(",");
for (const commands of blocks) {
  if (commands.includes("repeat.js")) continue;
  const names = [...commands.matchAll(/--data ([\w$-]+)/g)].map(([, name]) => name);
  if (only && (names.length === 0 || !names.every((name) => only.includes(name)))) continue;
  if (commands.includes("--input events.csv") && !existsSync(events)) {
    throw new Error(`--events FILE is missing. Expected the events of the MOOC, for ${names.join(", ")}`);
  }
  const script = [
    "set -e",
    `kshot() { node "${join(root, "apps/cli/dist/main.js")}" "$@"; }`,
    commands.replaceAll(/(?<=\s)(docs|tooling)\//g, (_, name) => `${root}${name}/`),
  ].join("\n");
  process.stdout.write(`\n${commands}`);
  const start = performance.now();
  const { status } = spawnSync("bash", ["-c", script], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
  if (status !== 0) throw new Error(`A command ended with ${status}.`);
  process.stdout.write(`${((performance.now() - start) / 60_000).toFixed(1)} min\n`);
}
const check = [join(root, "tooling/study/page.js"), "--check", "--in", folder, "--page", values.page];
process.exitCode = spawnSync(process.execPath, check, { stdio: "inherit" }).status ?? 1;
