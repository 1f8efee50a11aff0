import { beforeAll, describe, expect, test } from "vitest";
import {
  add,
  backendInstalled,
  backendNames,
  dispose,
  exp,
  grad,
  hessianVectorProduct,
  indices,
  matMul,
  mul,
  neg,
  read,
  readSync,
  scalar,
  softmaxCrossEntropy,
  square,
  sub,
  sum,
  type Tensor,
  tanh,
  tensor,
  tensorCount,
  tidy,
  useBackend,
  valueAndGrad,
  valueGradAndHessianVectorProduct,
} from "../index.js";

const number = (x: Tensor) => readSync(x)[0];

describe.each(backendNames.filter(backendInstalled))("on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  test("every order of exp is exp, and the fourth of tanh its closed form", () => {
    const x = scalar(0.5);
    let derivative = (y: Tensor): Tensor => exp(y);
    for (let order = 1; order <= 5; order++) {
      derivative = grad(derivative) as (y: Tensor) => Tensor;
      expect(number(derivative(x))).toBeCloseTo(Math.exp(0.5), 5);
    }
    const t = Math.tanh(0.5);
    const fourth = grad(grad(grad(grad((y: Tensor) => tanh(y)))));
    expect(number(fourth(x))).toBeCloseTo((1 - t * t) * (16 * t - 24 * t ** 3), 4);
  });

  test("nested derivatives do not take each other's variables for their own", () => {
    // d/dx [x · d/dy (x·y)] = d/dx x² = 2x; a confused tape also differentiates through the inner y.
    const f = (x: Tensor) => mul(x, grad((y: Tensor) => mul(x, y))(scalar(7)));
    expect(number(grad(f)(scalar(3)))).toBe(6);
    const g = (x: Tensor) => mul(x, grad((y: Tensor) => add(x, y))(scalar(1)));
    expect(number(grad(g)(scalar(1)))).toBe(1);
  });

  test("the gradient has the names and shapes of the parameters; an unused one gets zeros", () => {
    const parameters = { weight: tensor([1, 2], [2]), bias: scalar(3), unused: tensor([1, 1, 1], [3, 1]) };
    const { value, gradient } = valueAndGrad((p: typeof parameters) => sum(square(add(p.weight, p.bias))))(parameters);
    expect(number(value)).toBe(41);
    expect([...readSync(gradient.weight)]).toEqual([8, 10]);
    expect([...readSync(gradient.bias)]).toEqual([18]);
    expect(gradient.unused.shape).toEqual([3, 1]);
    expect([...readSync(gradient.unused)]).toEqual([0, 0, 0]);
  });

  test("value, gradient and product of one pass equal those computed separately", async () => {
    const parameters = network();
    const direction = { w: tensor([0.3, -0.2, 0.5, 0.1, -0.4, 0.2], [2, 3]), b: tensor([0.1, 0.2, -0.3], [3]) };
    const all = valueGradAndHessianVectorProduct(loss)(parameters, direction);
    const { value, gradient } = valueAndGrad(loss)(parameters);
    const product = hessianVectorProduct(loss)(parameters, direction);
    expect(await read(all.value)).toEqual(await read(value));
    for (const name of ["w", "b"] as const) {
      expect(await read(all.gradient[name])).toEqual(await read(gradient[name]));
      expect(await read(all.product[name])).toEqual(await read(product[name]));
    }
  });

  test("a gradient step inside the function is differentiated: MAML's quadratic in closed form", () => {
    // inner(θ) = (θ − a)², θ' = θ − α·2(θ − a), outer = (θ' − b)²: d/dα = 2(θ' − b)·(−2(θ − a)), d/dθ = 2(θ' − b)(1 − 2α).
    const [a, b] = [0.25, -1];
    const meta = (p: { theta: Tensor; alpha: Tensor }) => {
      const inner = grad((theta: Tensor) => square(sub(theta, a)))(p.theta);
      return square(sub(sub(p.theta, mul(p.alpha, inner)), b));
    };
    const gradient = grad(meta)({ theta: scalar(2), alpha: scalar(0.1) });
    const adapted = 2 - 0.1 * 2 * (2 - a);
    expect(number(gradient.theta)).toBeCloseTo(2 * (adapted - b) * (1 - 0.2), 5);
    expect(number(gradient.alpha)).toBeCloseTo(2 * (adapted - b) * -2 * (2 - a), 5);
  });

  test("results are separate tensors", () => {
    const x = scalar(2);
    const { value, gradient } = valueAndGrad((y: Tensor) => y)(x);
    dispose([value, gradient]);
    expect(number(x)).toBe(2);
    const both = grad((p: { a: Tensor; b: Tensor }) => add(p.a, p.b))({ a: x, b: x });
    dispose(both.a);
    expect(number(both.b)).toBe(1);
  });

  test("the tensor count is flat over 100 gradients, products and failures", () => {
    const parameters = network();
    const direction = network();
    const round = () => {
      dispose(grad(loss)(parameters));
      dispose(valueAndGrad(loss)(parameters));
      dispose(hessianVectorProduct(loss)(parameters, direction));
      dispose(valueGradAndHessianVectorProduct(loss)(parameters, direction));
      dispose(grad((p: typeof parameters) => tidy(() => sum(hessianVectorProduct(loss)(p, direction).w)))(parameters));
      expect(() => grad((p: typeof parameters) => neg(add(p.w, exp(p.w))))(parameters)).toThrow(/scalar/);
    };
    round();
    const before = tensorCount();
    for (let i = 0; i < 100; i++) round();
    expect(tensorCount()).toBe(before);
  });

  test("tidy keeps its result, in arrays and trees, and frees the rest, also after a failure", () => {
    const before = tensorCount();
    const kept = tidy(() => {
      const x = exp(scalar(1));
      return { list: [add(x, 1)], n: 3 };
    });
    expect(tensorCount() - before).toBe(1);
    expect(number(kept.list[0])).toBeCloseTo(Math.E + 1, 5);
    dispose(kept);
    expect(() =>
      tidy(() => {
        exp(scalar(1));
        throw new RangeError("stop");
      }),
    ).toThrow(RangeError);
    expect(tensorCount()).toBe(before);
  });
});

function network() {
  return { w: tensor([0.1, -0.2, 0.3, 0.4, 0.5, -0.6], [2, 3]), b: tensor([0.1, -0.1, 0.2], [3]) };
}

function loss({ w, b }: { w: Tensor; b: Tensor }): Tensor {
  const x = tensor([1, -1, 0.5, 2], [2, 2]);
  return sum(softmaxCrossEntropy(tanh(add(matMul(x, w), b)), indices([2, 0], [2])));
}
