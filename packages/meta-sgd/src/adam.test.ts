import { expect, it } from "vitest";
import { adam } from "./index.js";

// python3, torch 1.13: p = torch.tensor(start, dtype=torch.float64); o = torch.optim.Adam([p], lr=1e-2);
// for g in gradients: p.grad = torch.tensor(g, dtype=torch.float64); o.step(); print(p.tolist())
const start = [0.5, -1.25, 2.0, 0.0];
const gradients = [
  [0.3, -2.0, 0.0, 1e-9],
  [0.0, 1.5, 0.0, -4.0],
  [-0.7, 0.0, 0.0, 0.25],
  [0.0, 0.0, 5.0, 0.0],
  [0.1, 0.0, -5.0, 0.0],
];
const golden: number[][] = [
  [0.4900000003333333, -1.24000000005, 2.0, -0.000909090909090909],
  [0.48329941810791543, -1.2391067499810002, 2.0, 0.0065322772986019725],
  [0.4871333439984258, -1.2384162650896253, 2.0, 0.011874583762221525],
  [0.4902738627897396, -1.2378506618819158, 1.9941887164013081, 0.016250676145061666],
  [0.492194700457086, -1.2373725981986783, 1.994574532013771, 0.019949472076481456],
];

it("equals torch.optim.Adam step by step", () => {
  const optimiser = adam();
  const state = optimiser.init(4);
  const parameters = new Float64Array(start);
  gradients.forEach((gradient, i) => {
    optimiser.update(state, parameters, new Float64Array(gradient), 1e-2);
    // Same formulas in float64; only the order of a few roundings differs.
    for (let j = 0; j < 4; j++) expect(Math.abs(parameters[j]! - golden[i]![j]!)).toBeLessThan(1e-15);
  });
  expect(state.step).toBe(gradients.length);
});

it("moves float32 parameters within 1e-4 of that movement", () => {
  const optimiser = adam();
  const state = optimiser.init(4);
  const parameters = new Float32Array(start);
  for (const gradient of gradients) optimiser.update(state, parameters, new Float32Array(gradient), 1e-2);
  for (let j = 0; j < 4; j++) {
    const movement = golden.at(-1)![j]! - start[j]!;
    expect(Math.abs(parameters[j]! - start[j]! - movement)).toBeLessThan(1e-4 * Math.abs(movement));
  }
});

it("is dense: a parameter without gradient still moves by its moments, an untouched one stays", () => {
  const optimiser = adam();
  const state = optimiser.init(2);
  const parameters = new Float64Array([1, 1]);
  optimiser.update(state, parameters, new Float64Array([0.5, 0]), 1e-3);
  const after = parameters[0]!;
  optimiser.update(state, parameters, new Float64Array([0, 0]), 1e-3);
  expect(parameters[0]).toBeLessThan(after - 1e-4);
  expect(parameters[1]).toBe(1);
});

it("refuses lengths that differ", () => {
  const optimiser = adam();
  expect(() => optimiser.update(optimiser.init(2), new Float64Array(3), new Float64Array(3), 1e-3)).toThrow(
    /moments of 2/,
  );
});

// python3, decimal with 50 digits, the equations of torch.optim.AdamW with weight_decay 0.1 and lr 1e-2 on the same gradients.
const decayed: number[][] = [
  [0.4895000003333333, -1.23875000005, 1.998, -0.0009090909090909091],
  [0.48230991810758206, -1.2366179999809501, 1.996002, 0.006533186389511116],
  [0.4856615340799848, -1.2346908970895942, 1.994005998, 0.011868959666741159],
  [0.48831639133721866, -1.2328906029847952, 1.9862007084033082, 0.01623318308991458],
  [0.4897489126132279, -1.2311796486985729, 1.9846003233073677, 0.019915745838244462],
];

it("with weight decay equals the equations of AdamW in exact arithmetic", () => {
  const optimiser = adam();
  const state = optimiser.init(4);
  const parameters = new Float64Array(start);
  gradients.forEach((gradient, i) => {
    optimiser.update(state, parameters, new Float64Array(gradient), 1e-2, 0.1);
    for (let j = 0; j < 4; j++) expect(Math.abs(parameters[j]! - decayed[i]![j]!)).toBeLessThan(1e-15);
  });
});

// The recipe's decay, and what is left of it after two falls of the learning rate: float32 cannot tell 1 − 8e-9 from 1.
it.each([2e-7, 4e-8, 8e-9])("a decay of %s a step changes float32 parameters too", (decay) => {
  const optimiser = adam();
  const state = optimiser.init(64);
  const start = Float32Array.from({ length: 64 }, (_, i) => 0.5 + i / 64);
  const [decayed, plain] = [start.slice(), start.slice()];
  const other = optimiser.init(64);
  const steps = 4000;
  for (let i = 0; i < steps; i++) {
    const gradient = Float32Array.from({ length: 64 }, (_, k) => Math.sin(1 + i * (k + 1)));
    optimiser.update(state, decayed, gradient, 1e-3, decay / 1e-3);
    optimiser.update(other, plain, gradient, 1e-3);
  }
  const mean = (list: Float32Array) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const expected = mean(start) * steps * decay;
  expect(Math.abs(mean(plain) - mean(decayed) - expected)).toBeLessThan(0.1 * expected);
});
