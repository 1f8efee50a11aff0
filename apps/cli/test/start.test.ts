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
  const files = urls.filter((url) => url.startsWith("file:")).map((url) => fileURLToPath(url));
  const bundle = files.filter((file) => file.startsWith(built)).map((file) => file.slice(built.length));
  return {
    bundle: bundle.map((file) => file.replace(/-[\w-]{8}\.js$/, "")).sort(),
    others: files.filter((file) => !file.startsWith(built)),
  };
}

it.each([["--help"], ["--version"], []].map((args) => [args]))("%j loads the start alone", (args) => {
  const { bundle, others } = loaded(...args);
  expect(others).toEqual([]);
  expect(bundle.filter((file) => !/^(program|start)$/.test(file))).toEqual(["main.js"]);
  expect(bundle).toContain("start");
});

it("a command's help loads that command and its flags alone", () => {
  const { bundle, others } = loaded("train", "--help");
  expect(others).toEqual([]);
  expect(bundle.filter((file) => !/^(flags|engine|start)$/.test(file))).toEqual(["main.js", "train"]);
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
  expect(bundle.length).toBeLessThanOrEqual(7);
  expect(bundle).toContain("recommend");
});
