import { beforeAll, describe, expect, test } from "vitest";
import {
  backendInstalled,
  backendNames,
  grad,
  indices,
  logSoftmax,
  readSync,
  softmax,
  softmaxCrossEntropy,
  sum,
  tensor,
  useBackend,
} from "../index.js";
import type { Tensor } from "../tensor.js";

describe.each(backendNames.filter(backendInstalled))("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  test("entries of any size give the right loss, without overflow", () => {
    const logits = tensor([1e4, 0, -1e4, -1e4, -1e4, -1e4 + 1], [2, 3]);
    expect([...readSync(softmax(logits)).slice(0, 3)]).toEqual([1, 0, 0]);
    expect([...readSync(logSoftmax(logits)).slice(0, 3)]).toEqual([0, -1e4, -2e4]);
    const losses = readSync(softmaxCrossEntropy(logits, indices([1, 2], [2])));
    expect(losses[0]).toBe(1e4);
    expect(losses[1]).toBeCloseTo(Math.log(1 + 2 / Math.E), 5);
    const gradient = readSync(grad((x: Tensor) => sum(softmaxCrossEntropy(x, indices([1, 2], [2]))))(logits));
    expect([...gradient.slice(0, 3)]).toEqual([1, -1, 0]);
  });
});
