import { expect, test } from "vitest";
import { goldenSchema, parseFile } from "./index.js";

function golden() {
  const w = { w: [1] };
  const pairs = { sequences: [[0]], labels: [1] };
  const meta = { loss: 1, taskLosses: [1], dTheta: w, dAlpha: w };
  return {
    config: { nItems: 2, embeddingDim: 1, hiddenDim: 1, numLayers: 1, maxSeqLen: 1, innerSteps: 1 },
    shapes: { w: [1] },
    theta: w,
    alpha: w,
    tasks: [{ support: pairs, query: pairs }],
    support0: { logits: [[0, 1]], loss: 1, gradient: w, direction: w, hessianVectorProduct: w },
    adapted0: { "1": w },
    meta: { secondOrder: meta, firstOrder: meta },
    training: { outerLr: 0.001, alphaClamp: [0, 1], batches: [[0]], losses: [1], theta: w, alpha: w },
  };
}

test("a minimal file is read back unchanged", () => expect(goldenSchema.parse(golden())).toEqual(golden()));

test.each<[string, (file: ReturnType<typeof golden>) => void, RegExp]>([
  ["an empty sequence", (file) => void (file.tasks[0]!.support.sequences[0] = []), /tasks\.0\.support\.sequences\.0: /],
  ["no tasks", (file) => void (file.tasks = []), /tasks: /],
  ["a NaN", (file) => void (file.theta.w[0] = Number.NaN), /theta\.w\.0: /],
  ["no layers", (file) => void (file.config.numLayers = 0), /config\.numLayers: /],
])("%s is refused", (_, change, message) => {
  const file = structuredClone(golden());
  change(file);
  expect(() => parseFile(goldenSchema, file, "g.json")).toThrow(message);
});
