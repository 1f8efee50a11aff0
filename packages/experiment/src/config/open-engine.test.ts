import { KshotError } from "@kshot/contract";
import { configSchema } from "@kshot/contract/schemas";
import { backendInstalled } from "@kshot/tensor-fn";
import { describe, expect, it, onTestFinished } from "vitest";
import { chooseEngine } from "./choose-engine.js";
import { modelShape } from "./model-shape.js";
import { openEngine, requireDevice } from "./open-engine.js";

const asked = (choice: object) => configSchema.parse(choice);

describe("which engine computes", () => {
  it.each([
    [{}, "simd"],
    [{ engine: "auto", device: "cpu" }, "simd"],
    [{ engine: "simd" }, "simd"],
    [{ engine: "tensor" }, "tensor"],
    [{ backend: "wasm" }, "tensor"],
    [{ device: "cuda" }, "tensor"],
    [{ device: "gpu" }, "gpu"],
    [{ device: "gpu-software" }, "gpu"],
    [{ engine: "tensor", device: "gpu" }, "tensor"],
  ] as const)("%j: %s", (choice, engine) => {
    expect(chooseEngine(asked(choice))).toBe(engine);
  });

  it.each([
    [{ engine: "simd", device: "gpu" }, /--engine simd --device gpu: .*processor/],
    [{ engine: "simd", backend: "wasm" }, /--engine simd --backend wasm/],
    [{ engine: "simd", device: "gpu-software" }, /--engine simd --device gpu-software: .*processor/],
    [{ engine: "tensor", device: "gpu-software" }, /--engine tensor --device gpu-software: .*no WebGPU/],
    [{ device: "gpu", backend: "cpu" }, /--device gpu --backend cpu/],
    [{ device: "gpu", build: "simd" }, /--build simd: the gpu engine/],
    [{ gpu_memory: 512 }, /--gpu-memory 512: the simd engine/],
    [{ device: "cuda", gpu_memory: 512 }, /--gpu-memory 512: the tensor engine/],
  ] as const)("%j do not go together", async (choice, message) => {
    const shape = modelShape(asked({}), 3);
    const error = await openEngine(asked(choice), shape, "carry").then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(KshotError.isInstance(error) && error.code).toBe("USAGE");
    expect((error as Error).message).toMatch(message);
  });
});

// tensor-fn tests the installed package. This test only checks that a missing one is refused by name, before an engine starts.
it.skipIf(backendInstalled("tensorflow"))(
  "CUDA without the optional package is refused, with the command that installs it",
  async () => {
    await expect(requireDevice(asked({ device: "cuda" }))).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringMatching(/^--device cuda: .*tfjs-node-gpu is not installed.*gpu:setup/),
    });
    await expect(requireDevice(asked({}))).resolves.toBeUndefined();
  },
);

describe("openEngine", () => {
  it.each([
    [{ workers: 1 }, { name: "simd", workers: 1 }],
    [{ workers: 3 }, { name: "simd", workers: 3 }],
    [{ engine: "tensor" }, { name: "tensor", backend: "wasm", workers: 1 }],
    [{ backend: "cpu" }, { name: "tensor", backend: "cpu", workers: 1 }],
  ] as const)("%j starts %j", async (choice, description) => {
    const engine = await openEngine(asked(choice), modelShape(asked({}), 3), "carry");
    onTestFinished(() => engine.dispose());
    expect(engine.description).toMatchObject(description);
  });

  it("passes the mask on: with the mask notebook, scores of short histories are the biases", async () => {
    const config = asked({ workers: 1 });
    const shape = modelShape(config, 3);
    const scores = await Promise.all(
      (["carry", "notebook"] as const).map(async (mask) => {
        const engine = await openEngine(config, shape, mask);
        onTestFinished(() => engine.dispose());
        const theta = engine.vector().fill(0.1);
        const [logits] = await engine.logits([theta], [engine.batch({ sequences: [[1]], labels: [2] })]);
        return logits!.values[0]!;
      }),
    );
    expect(scores[1]).toBeCloseTo(0.1, 6);
    expect(scores[0]).toBeGreaterThan(0.2);
  });
});
