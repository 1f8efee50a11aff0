import { expect, it } from "vitest";
import { fallingValidation, pinnedRates, watchLosses } from "./divergence.js";

/** The messages about these losses, with 100 items. */
function saidOver(losses: readonly number[]): string[] {
  const said: string[] = [];
  const watch = watchLosses("meta-sgd", Math.log(100), (event) => event.type === "note" && said.push(event.text));
  for (const loss of losses) watch(loss);
  return said;
}

const constant = (loss: number, count = 100) => Array.from({ length: count }, () => loss);

it("warns once of diverging losses, also if they are finite", () => {
  const said = saidOver([...constant(4.6), ...constant(1e6, 200)]);
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(/^Meta-SGD: the loss diverges: .*Try a smaller --outer-lr/);
});

it.each([
  ["falling", [...constant(4.6), ...constant(1)]],
  ["rising from very little to that of guessing", [...constant(0.1), ...constant(4.6)]],
  ["one outlier", [...constant(4.6), 100, ...constant(4.6)]],
  ["few", constant(1e9, 10)],
])("does not warn of losses that are %s", (_, losses) => expect(saidOver(losses)).toEqual([]));

it("reports how many rates are at the ends of their range", () => {
  const all = [{ offset: 0, size: 4 }];
  expect(pinnedRates(Float32Array.of(1e-4, 1e-4, 0.1, 0.05), [1e-4, 0.1], all)).toMatch(
    /50 % are at 0.0001 and 25 % at 0.1/,
  );
  expect(pinnedRates(Float32Array.of(1e-4, 0.02, 0.03, 0.05), [1e-4, 0.1], all)).toBeUndefined();
  // Rates that do not adapt are not counted.
  expect(pinnedRates(Float32Array.of(0, 0, 0, 0.05), [0, 0.1], [{ offset: 3, size: 1 }])).toBeUndefined();
});

it("warns if validation decreases from its start", () => {
  const curve = (...mrr: number[]) => mrr.map((value, iteration) => ({ iteration, metrics: { mrr: value } }));
  expect(fallingValidation(curve(0.5, 0.4, 0.3, 0.2))).toMatch(/never as good .*0\.5000, at the end 0\.2000/);
  expect(fallingValidation(curve(0.5, 0.4, 0.6, 0.2))).toBeUndefined();
  expect(fallingValidation(curve(0.5, 0.4))).toBeUndefined();
});
