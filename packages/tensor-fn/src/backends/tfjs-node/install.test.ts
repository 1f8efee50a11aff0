import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { project, run, type StandIn } from "../../../test/fake-install.js";

const name = "@tensorflow/tfjs-node-gpu";
const sound = { name, version: "4.22.0", main: "index.js" };

// The same as the real package when it loads, with the processor's kernels instead of TensorFlow's.
const working = (isUsingGpuDevice: boolean) => `
const tf = require("@tensorflow/tfjs-core");
const { MathBackendCPU } = require("@tensorflow/tfjs-backend-cpu");
tf.copyRegisteredKernels("cpu", "tensorflow");
tf.registerBackend("tensorflow", () => Object.assign(new MathBackendCPU(), { isUsingGpuDevice: ${isUsingGpuDevice} }));
`;

const tried = (call: string) => `
import { backendInstalled, ${call} } from "@kshot/tensor-fn";
const outcome = await ${call}("tensorflow").then(() => ({ code: "none" }), ({ code, message }) => ({ code, message }));
process.stdout.write(JSON.stringify({ installed: backendInstalled("tensorflow"), ...outcome }));
`;

describe.each(["useBackend", "useGpu"])("%s, where the optional package", (call) => {
  const cases: readonly {
    readonly is: string;
    readonly standIn?: StandIn;
    readonly installed: boolean;
    readonly code: string;
    readonly says: readonly RegExp[];
  }[] = [
    {
      is: "is not installed",
      installed: false,
      code: "USAGE",
      says: [/optional package @tensorflow\/tfjs-node-gpu is not installed/, /Expected version 4\.22\.0/],
    },
    {
      is: "throws when it loads",
      standIn: {
        manifest: sound,
        index: 'throw new Error("libtensorflow.so.2: cannot open shared object file\\nRequire stack:\\n- a\\n- b")',
      },
      installed: true,
      code: "FAILED",
      says: [
        /4\.22\.0 is installed but does not load: libtensorflow\.so\.2: cannot open shared object file\. Expected/,
      ],
    },
    {
      is: "throws no Error",
      standIn: { manifest: sound, index: 'throw "no"' },
      installed: true,
      code: "FAILED",
      says: [/does not load: no\. Expected/],
    },
    {
      is: "has no native part, as after an install without scripts",
      standIn: {
        manifest: sound,
        index: `
          const binding = require("path").join(__dirname, "lib", "napi-v8", "tfjs_binding.node");
          if (!require("fs").existsSync(binding)) {
            throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: " + binding +
              ". \\nPlease run command 'npm rebuild @tensorflow/tfjs-node-gpu --build-addon-from-source' to rebuild it.");
          }`,
      },
      installed: true,
      code: "FAILED",
      says: [/does not load: its native part, tfjs_binding\.node, is not there/, /install script/],
    },
    {
      is: "lacks one of its dependencies",
      standIn: { manifest: sound, index: 'require("@tensorflow/tfjs")' },
      installed: true,
      code: "FAILED",
      says: [/does not load: Cannot find module '@tensorflow\/tfjs'\. Expected/],
    },
    {
      is: "is of another version, which is not even loaded",
      standIn: { manifest: { ...sound, version: "4.21.0" }, index: "process.exit(9)" },
      installed: true,
      code: "FAILED",
      says: [/in version 4\.21\.0 \(.*tfjs-node-gpu.package\.json\)/, /Expected version 4\.22\.0/],
    },
    {
      is: "has no version",
      standIn: { manifest: { name }, index: "process.exit(9)" },
      installed: true,
      code: "FAILED",
      says: [/in version undefined/, /Expected version 4\.22\.0/],
    },
    {
      is: "has an invalid package.json",
      standIn: { manifest: "{", index: "process.exit(9)" },
      installed: true,
      code: "FAILED",
      says: [/package\.json cannot be read/, /JSON/],
    },
    {
      is: "loads and offers nothing",
      standIn: { manifest: sound, index: "" },
      installed: true,
      code: "FAILED",
      says: [/backend tensorflow: .*could not start.*tensorflow/],
    },
  ];

  test.each(cases)("$is: one paragraph", ({ standIn, installed, code, says }) => {
    const { found, stderr } = run(project(standIn), tried(call));
    expect(stderr).toBe("");
    expect(found).toMatchObject({ installed, code });
    const { message } = found as { message: string };
    expect(message).toMatch(/^backend tensorflow: [^\n]+\.$/);
    if (standIn?.index !== "") expect(message).toMatch(/pnpm gpu:setup.*compute on the processor\.$/);
    for (const part of says) expect(message).toMatch(part);
  });
});

describe("where it works", () => {
  const computes = `
import { add, grad, readSync, scalar, square, tanh, tensorCount, useBackend, useGpu } from "@kshot/tensor-fn";
await useBackend("tensorflow");
const value = readSync(grad(grad((x) => add(square(x), tanh(x))))(scalar(0.5)))[0];
const gpu = await useGpu().then(() => "gpu", ({ code, message }) => code + " " + message);
process.stdout.write(JSON.stringify({ value, gpu }));
`;
  test.each([
    [true, /^gpu$/],
    [false, /^FAILED backend tensorflow: .*finds no GPU.*CUDA 11\.2.*gpu:setup/],
  ] as const)("isUsingGpuDevice %s: it computes, and says on what", (isUsingGpuDevice, gpu) => {
    const { found, stderr } = run(project({ manifest: sound, index: working(isUsingGpuDevice) }), computes);
    expect(stderr).toBe("");
    const { value, gpu: told } = found as { value: number; gpu: string };
    expect(value).toBeCloseTo(1.2731, 4);
    expect(told).toMatch(gpu);
  });

  // As in Node 23 and later. The real package calls both in every kernel, the substitute when it loads.
  const needy = `
const util = require("util");
if (!util.isNullOrUndefined(null) || !util.isNullOrUndefined(undefined) || util.isNullOrUndefined(0)) throw new Error("wrong");
if (!util.isArray([]) || util.isArray({})) throw new Error("wrong");
${working(true)}`;

  test("it works in a Node that has dropped util.isNullOrUndefined and util.isArray", () => {
    const dropping = `
import { createRequire } from "node:module";
const util = createRequire(import.meta.url)("node:util");
delete util.isNullOrUndefined;
delete util.isArray;
if ("isNullOrUndefined" in util || "isArray" in util) throw new Error("still there");
const { useGpu } = await import("@kshot/tensor-fn");
await useGpu();
process.stdout.write(JSON.stringify(Object.keys(util).filter((name) => name === "isNullOrUndefined" || name === "isArray")));
`;
    expect(run(project({ manifest: sound, index: needy }), dropping)).toEqual({ found: [], stderr: "" });
  });

  test("it works without warnings in a Node that deprecates them", () => {
    const warning = `
import { createRequire } from "node:module";
const util = createRequire(import.meta.url)("node:util");
util.isNullOrUndefined = util.deprecate((value) => value == null, "isNullOrUndefined is deprecated", "DEP0000");
util.isArray = util.deprecate(Array.isArray, "isArray is deprecated", "DEP0001");
const { useGpu } = await import("@kshot/tensor-fn");
await useGpu();
process.stdout.write(JSON.stringify(Object.keys(util).filter((name) => name === "isNullOrUndefined" || name === "isArray").sort()));
`;
    const { found, stderr } = run(project({ manifest: sound, index: needy }), warning);
    expect(found).toEqual(["isArray", "isNullOrUndefined"]);
    expect(stderr).toBe("");
  });
});

test("the peer dependency is optional, and has the version of the core", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(manifest.peerDependencies).toEqual({ [name]: manifest.dependencies["@tensorflow/tfjs-core"] });
  expect(manifest.peerDependenciesMeta).toEqual({ [name]: { optional: true } });
});
