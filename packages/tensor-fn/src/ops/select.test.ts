import { beforeAll, describe, expect, it } from "vitest";
import {
  backendInstalled,
  backendNames,
  grad,
  greater,
  log,
  max,
  readSync,
  sqrt,
  sum,
  type Tensor,
  tensor,
  useBackend,
  where,
} from "../index.js";

describe.each(backendNames.filter(backendInstalled))("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("nested lists give values and shape", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(x.shape).toEqual([2, 3]);
    expect([...readSync(x)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tensor(3).shape).toEqual([]);
  });

  it("a branch that is not taken does not change value or derivative, even if it is NaN", () => {
    const x = tensor([-1, 4]);
    const f = (v: typeof x) => sum(where(greater(v, 0), v, log(v)));
    expect([...readSync(where(greater(x, 0), sqrt(x), 0))]).toEqual([0, 2]);
    expect(readSync(grad(f)(tensor([2, 4])))).toEqual(Float32Array.of(1, 1));
  });

  it("entries that share the largest value share the derivative", () => {
    expect([...readSync(grad((x: Tensor) => max(x))(tensor([3, 1, 3, 2])))]).toEqual([0.5, 0, 0.5, 0]);
  });
});
