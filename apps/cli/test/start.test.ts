import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/**
 * Loads a hook that writes the address of every module to file descriptor 3 before it is loaded, and a line for every formatter of
 * numbers: the first one takes 15 ms.
 */
const recorder = `data:text/javascript,${encodeURIComponent(`
  import { writeSync } from "node:fs";
  import { register } from "node:module";
  const { NumberFormat } = Intl;
  Intl.NumberFormat = function (...args) { writeSync(3, "Intl.NumberFormat\\n"); return new NumberFormat(...args); };
  register("data:text/javascript," + encodeURIComponent(\`
    import { writeSync } from "node:fs";
    export async function load(url, context, next) { writeSync(3, url + "\\\\n"); return next(url, context); }
  \`));
`)}`;

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const built = fileURLToPath(new URL("../dist/", import.meta.url));
const model = fileURLToPath(import.meta.resolve("@kshot/recommend/example/campus.safetensors"));

/** Files that a command loads: those of the bundle, without the hash in their names, and all others. */
function loaded(...args: string[]): { bundle: string[]; others: string[] } {
  const done = spawnSync(process.execPath, ["--import", recorder, main, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  expect(done.status, done.stderr).toBe(0);
  const urls = (done.output[3] ?? "").trim().split("\n");
  expect(urls).not.toContain("Intl.NumberFormat");
  const files = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
  const bundle = files.filter((file) => file.startsWith(built)).map((file) => file.slice(built.length));
  return {
    bundle: bundle.map((file) => file.replace(/-[\w-]{8}\.js$/, "")).sort(),
    others: files.filter((file) => !file.startsWith(built)),
  };
}

it.each([["--help"], []].map((args) => [args]))("%j loads the start alone", (args) => {
  const { bundle, others } = loaded(...args);
  expect(others).toEqual([]);
  expect(bundle).toEqual(["main.js", "start"]);
});

it.each([
  [["--version"], []],
  [
    ["train", "--help"],
    ["flags", "train"],
  ],
])("%j loads no other command", (args, own) => {
  const { bundle, others } = loaded(...args);
  expect(others).toEqual([]);
  const always = /^(main\.js|start|application|program)$/;
  expect(bundle.filter((file) => !always.test(file))).toEqual(own);
});

it("one person's recommendation loads few files, and nothing but the bundle", () => {
  const { bundle, others } = loaded(
    "recommend",
    "--model",
    model,
    "--history",
    "biology-01",
    "--history",
    "biology-02",
  );
  expect(others).toEqual([]);
  expect(bundle.length).toBeLessThanOrEqual(8);
  expect(bundle).toContain("recommend");
});
