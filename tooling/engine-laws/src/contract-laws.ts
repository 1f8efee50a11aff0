import { type Batch, type Engine, KshotError } from "@kshot/contract";
import { gruConfig, gruParameterLayout, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EngineUnderTest } from "./engine-under-test.js";

const config = gruConfig({ nItems: 7, embeddingDim: 3, hiddenDim: 4, maxSeqLen: 3 });
const layout = gruParameterLayout(config);
const theta = initialParameters(config, xoroshiro128plus(1));
const direction = initialParameters(config, xoroshiro128plus(2));
const alpha = theta.map(() => 0.05);
const pairs = { sequences: [[1], [1, 2]], labels: [2, 3] };

/** Expects a `KshotError` with this code and message. */
export async function expectError(attempt: () => unknown, code: KshotError["code"], message: RegExp): Promise<void> {
  const error = await Promise.resolve()
    .then(attempt)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(KshotError.isInstance(error) && error.code, String(error)).toBe(code);
  expect((error as Error).message).toMatch(message);
}

/** A deep copy of a result. Not `structuredClone`: that shares shared memory instead of copying it. */
function copied(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Float32Array).slice();
  if (Array.isArray(value)) return value.map(copied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copied(part)]));
}

/** Tests of the promises in `Engine`'s type: arguments, results, order of calls, refusals, disposal. */
export function contractLaws({ name, open, fused = [] }: EngineUnderTest): void {
  describe(`${name}: contract`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());
    /** Every method of this engine that reads θ. */
    const calls = (batch: Batch): [string, (theta: Float32Array) => Promise<unknown>][] => {
      const list: [string, (theta: Float32Array) => Promise<unknown>][] = [
        ["gradients", (at) => engine.gradients([at], [batch])],
        ["hessianVectorProducts", (at) => engine.hessianVectorProducts([at], [batch], [direction])],
        ["logits", (at) => engine.logits([at], [batch])],
      ];
      if (fused.includes("metaGradient")) {
        const task = { support: batch, query: batch };
        list.push(["metaGradient", (at) => engine.metaGradient!(at, alpha, [task], { innerSteps: 2, order: 2 })]);
      }
      if (fused.includes("adapt")) list.push(["adapt", (at) => engine.adapt!(at, alpha, [batch], 2)]);
      return list;
    };

    test("the layout is PyTorch's, and a vector is zero and the caller's", () => {
      expect(engine.layout).toEqual(layout);
      const vector = engine.vector();
      expect(vector.length).toBe(layout.size);
      expect(vector.every((value) => value === 0)).toBe(true);
      vector[0] = 1;
      expect(engine.vector()[0]).toBe(0);
    });

    test("arguments are not written, results are fresh, and a call repeats its bits", async () => {
      const batch = engine.batch(pairs);
      for (const [method, call] of calls(batch)) {
        const at = theta.slice();
        const first = await call(at);
        const kept = copied(first);
        await call(Float32Array.from(direction));
        expect(at, method).toEqual(theta);
        expect(first, `${method}: an earlier result`).toEqual(kept);
        expect(await call(at), `${method}: again`).toEqual(kept);
      }
      expect(direction).toEqual(initialParameters(config, xoroshiro128plus(2)));
      expect(alpha).toEqual(theta.map(() => 0.05));
    });

    test("a batch keeps no reference to the examples that it was made from", async () => {
      const examples = { sequences: [Int32Array.of(1), Int32Array.of(1, 2)], labels: Int32Array.of(2, 3) };
      const batch = engine.batch(examples);
      const [before] = await engine.logits([theta], [batch]);
      examples.sequences[1]![1] = 6;
      examples.labels[0] = 5;
      expect(await engine.logits([theta], [batch])).toEqual([before]);
    });

    test("overlapping calls give the same results as successive ones", async () => {
      const batch = engine.batch(pairs);
      const alone: unknown[] = [];
      for (const [, call] of calls(batch)) alone.push(await call(theta));
      expect(await Promise.all(calls(batch).map(([, call]) => call(theta)))).toEqual(alone);
    });

    test("no batches give no results", async () => {
      expect(await engine.gradients([], [])).toEqual({ losses: [], gradients: [] });
      expect(await engine.hessianVectorProducts([], [], [])).toEqual([]);
      expect(await engine.logits([], [])).toEqual([]);
    });

    test.each(layout.tensors)(
      "NaN in $name: refused, and the tensor is named; the engine stays usable",
      async (spec) => {
        const broken = theta.slice();
        // Item 1's row: the embedding of an item that no history has does not reach the loss.
        const index = spec.name === "embedding.weight" ? 4 : 0;
        broken[spec.offset + index] = Number.NaN;
        const named = new RegExp(`NaN in ${spec.name.replaceAll(".", "\\.")}\\[${index}\\]`);
        const batches = [engine.batch(pairs), engine.batch(pairs)];
        await expectError(() => engine.gradients([theta, broken], batches), "FAILED", named);
        await expectError(() => engine.gradients([theta, broken], batches), "FAILED", /batch 1/);
        for (const [method, call] of calls(batches[0]!)) {
          if (["gradients", "metaGradient", "adapt"].includes(method))
            await expectError(() => call(broken), "FAILED", named);
        }
        expect((await engine.gradients([theta], [batches[0]!])).losses.every(Number.isFinite)).toBe(true);
      },
    );

    test("a loss that overflows from finite parameters says so", async () => {
      const huge = theta.slice();
      const fill = (name: string, value: number, first = 0) => {
        const { offset, size } = layout.tensors.find((tensor) => tensor.name === name)!;
        huge.fill(value, offset + first, offset + size);
      };
      // The state is near 1 in all four units (z near 0, n near 1), and each score is 4 · 3e38.
      fill("gru.bias_ih_l0", -20);
      fill("gru.bias_ih_l0", 20, 8);
      fill("fc.weight", 3e38);
      const wide = engine.batch({ sequences: [[1]], labels: [6] });
      await expectError(() => engine.gradients([huge], [wide]), "FAILED", /every parameter is finite/);
    });

    test("arguments that do not fit are refused before anything runs", async () => {
      const batch = engine.batch(pairs);
      await expectError(() => engine.gradients([theta], [batch, batch]), "USAGE", /thetas: 1 for 2 batches/);
      await expectError(() => engine.gradients([], [batch]), "USAGE", /thetas: 0 for 1 batches/);
      await expectError(
        () => engine.gradients([theta.slice(1)], [batch]),
        "USAGE",
        /thetas\[0\]: \d+ values\. Expected/,
      );
      await expectError(() => engine.hessianVectorProducts([theta], [batch], []), "USAGE", /directions: 0 for 1/);
      await expectError(() => engine.logits([theta], [{ size: 1 } as Batch]), "USAGE", /another engine/);
      await expectError(() => engine.batch({ sequences: [], labels: [] }), "USAGE", /at least one pair/);
      await expectError(() => engine.batch({ sequences: [[1]], labels: [] }), "USAGE", /1 sequences and 0 labels/);
      await expectError(() => engine.batch({ sequences: [[7]], labels: [0] }), "DATA", /pair 0, sequence item 0: 7/);
      await expectError(() => engine.task(pairs, { sequences: [[1]], labels: [7] }), "DATA", /pair 0, label: 7/);
      await expectError(() => engine.batch({ sequences: [[]], labels: [1] }), "DATA", /empty sequence/);
    });

    test("a batch of another vocabulary or limit is refused", async () => {
      for (const other of [{ nItems: 8 }, { maxSeqLen: 4 }]) {
        const foreign = await open(gruConfig({ ...config, ...other }));
        try {
          await expectError(() => engine.logits([theta], [foreign.batch(pairs)]), "USAGE", /another engine/);
        } finally {
          foreign.dispose();
        }
      }
    });

    test.runIf(fused.includes("metaGradient"))(
      "a meta-gradient of no tasks, another order or −1 steps is refused",
      async () => {
        const task = engine.task(pairs, pairs);
        const ask = (tasks: (typeof task)[], innerSteps: number, order: number) => () =>
          engine.metaGradient!(theta, alpha, tasks, { innerSteps, order: order as 1 | 2 });
        await expectError(ask([], 1, 2), "USAGE", /tasks: none/);
        await expectError(ask([task], 1, 3), "USAGE", /order: 3/);
        await expectError(ask([task], -1, 2), "USAGE", /-1/);
      },
    );

    test("after dispose every call is refused; a second dispose has no effect", async () => {
      const closed = await open(config);
      const batch = closed.batch(pairs);
      await closed.logits([theta], [batch]);
      closed.dispose();
      closed.dispose();
      await expectError(() => closed.logits([theta], [batch]), "USAGE", /after dispose/);
      await expectError(() => closed.gradients([theta], [batch]), "USAGE", /after dispose/);
      await expectError(() => closed.hessianVectorProducts([theta], [batch], [direction]), "USAGE", /after dispose/);
    });
  });
}
