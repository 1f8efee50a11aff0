import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** Loads a hook that writes the address of every module to file descriptor 3 before it is loaded. */
const recorder = `data:text/javascript,${encodeURIComponent(`
  import { register } from "node:module";
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) { writeSync(3, url + "\\\\n"); return next(url, context); }
  \`));
`)}`;

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const workspace = fileURLToPath(new URL("../../../", import.meta.url));

/** Packages, and files of the workspace's packages, that a command loads. */
function loaded(...args: string[]): { packages: string[]; files: string[] } {
  const done = spawnSync(process.execPath, ["--import", recorder, main, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  expect(done.status, done.stderr).toBe(0);
  const urls = (done.output[3] ?? "")
    .trim()
    .split("\n")
    .filter((url) => url.startsWith("file:"));
  const paths = urls.map((url) => fileURLToPath(url));
  const external = paths.flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(path)?.[1] ?? [],
  );
  const own = paths.filter((path) => !path.includes("node_modules")).map((path) => path.slice(workspace.length));
  return { packages: [...new Set(external)].sort(), files: own.sort() };
}

/** Files of the command line that every call loads, as part of a pattern. */
const atStart = String.raw`apps\/cli\/dist\/(main|start|cannot-start|command-line|command-table|multiply-add|application|streams|program|flags\/(argument-errors|as-typed)|terminal\/(help|wrap))`;

it.each([[["--help"]], [["--version"]], [[]]])("%j loads no command, and only stricli", (args) => {
  const { packages, files } = loaded(...args);
  expect(packages).toEqual(["@stricli/core"]);
  expect(files).toContain("apps/cli/dist/main.js");
  expect(
    files.filter(
      (file) => !new RegExp(`^(${atStart}|packages/contract/dist/(cause|errors|printable))\\.js$`).test(file),
    ),
  ).toEqual([]);
});

it("a command's help loads that command and its flags alone", () => {
  const { packages, files } = loaded("train", "--help");
  expect(packages).toEqual(["@stricli/core", "fastest-levenshtein"]);
  expect(files).toContain("apps/cli/dist/commands/train.js");
  const command = String.raw`apps\/cli\/dist\/(commands\/(train|command)|flags\/(train|engine|flag|parsers))`;
  const allowed = new RegExp(`^(${atStart}|${command}|packages/contract/dist/[\\w-]+)\\.js$`);
  expect(files.filter((file) => !allowed.test(file))).toEqual([]);
});
