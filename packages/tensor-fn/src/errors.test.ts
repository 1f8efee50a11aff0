import { KshotError } from "@kshot/contract";
import { beforeAll, describe, expect, test } from "vitest";
import * as t from "./index.js";

test("a tensor before a backend is refused", () => {
  expect(() => t.scalar(1)).toThrow(/useBackend/);
});

describe("with a backend", () => {
  beforeAll(() => t.useBackend("cpu"));

  const x = () => t.tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  let escaped: t.Tensor;
  const refused: readonly (readonly [string, () => unknown, RegExp])[] = [
    ["too few values", () => t.tensor([1, 2], [3]), /2 values for shape \[3\]/],
    ["nested lists of different lengths", () => t.tensor([[1, 2], [3]]), /different lengths/],
    ["a maximum over nothing", () => t.max(t.zeros([2, 0])), /\[2, 0\]/],
    ["a condition that does not broadcast", () => t.where(t.zeros([4]), x(), 0), /\[2, 3\] and \[4\]/],
    ["a fractional index", () => t.indices([1.5], [1]), /1\.5/],
    ["shapes that do not broadcast", () => t.add(x(), t.zeros([2])), /\[2, 3\] and \[2\]/],
    ["matMul of sizes that do not meet", () => t.matMul(x(), x()), /3 and 2/],
    ["matMul of a vector", () => t.matMul(x(), t.zeros([3])), /two axes/],
    ["a reshape to another size", () => t.reshape(x(), [4]), /reshape/],
    ["an axis beyond the rank", () => t.sum(x(), [2]), /axis 2/],
    ["an invalid perm", () => t.transpose(x(), [0, 0]), /perm \[0, 0\]/],
    ["a slice outside", () => t.slice(x(), [0, 2], [2, 2]), /slice/],
    ["broadcastTo a smaller shape", () => t.broadcastTo(x(), [3]), /broadcastTo/],
    ["concat of nothing", () => t.concat([], 0), /no tensors/],
    ["concat of other widths", () => t.concat([x(), t.zeros([2, 2])], 0), /concat/],
    ["an index beyond the table", () => t.gather(x(), t.indices([0, 2], [2]), 0), /index 2/],
    ["a negative index", () => t.gatherRows(x(), t.indices([-1], [1])), /index -1/],
    [
      "an index beyond the batch's own table",
      () => t.gatherRows(t.zeros([2, 3, 1]), t.indices([0, 3], [2, 1])),
      /index 3/,
    ],
    ["a scatter beyond its size", () => t.scatterAdd(x(), t.indices([0, 5], [2]), 0, 5), /index 5/],
    ["float indices", () => t.gather(x(), t.scalar(1), 0), /indices\(/],
    ["index arithmetic", () => t.exp(t.indices([1], [1])), /index tensor/],
    ["a label beyond the columns", () => t.softmaxCrossEntropy(x(), t.indices([0, 3], [2])), /label 3/],
    ["the gradient of a vector", () => t.grad((p: t.Tensor) => p)(x()), /scalar/],
    ["the gradient of a promise", () => t.grad((async (p: t.Tensor) => t.sum(p)) as never)(x()), /promise/],
    [
      "a tensor that left its derivative",
      () => {
        t.grad((p: t.Tensor) => t.sum((escaped = t.exp(p))))(x());
        return t.add(escaped, 1);
      },
      /already finished/,
    ],
    [
      "a direction of another shape",
      () => t.hessianVectorProduct((p: { w: t.Tensor }) => t.sum(p.w))({ w: x() }, { w: t.zeros([3]) }),
      /direction, w/,
    ],
    [
      "a direction without a name",
      () => t.hessianVectorProduct((p: t.Tree) => t.sum(p.w))({ w: x() }, {}),
      /direction, w: no tensor/,
    ],
  ];

  test.each(refused)("%s is refused", (_, call, message) => {
    let error: unknown;
    try {
      call();
    } catch (caught) {
      error = caught;
    }
    expect(KshotError.isInstance(error) && error.code).toBe("USAGE");
    expect((error as Error).message).toMatch(message);
  });

  test("an unknown backend is refused", async () => {
    await expect(t.useBackend("webgl" as never)).rejects.toMatchObject({ code: "USAGE" });
  });
});
