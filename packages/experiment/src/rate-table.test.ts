import { expect, it } from "vitest";
import { rateInsights, rateTable } from "./rate-table.js";

const row = (mean: number) => ({ mean, std: 0.001, min: 0.0001, max: 0.1 });
const rates = { "embedding.weight": row(0.03), "gru.weight_hh_l0": row(0.01), "fc.weight": row(0.02) };

it("prints each tensor, and answers the notebook's hypothesis", () => {
  const text = rateTable(rates);
  expect(text).toMatch(/^gru\.weight_hh_l0 +0\.010000 +0\.001000 +0\.000100 +0\.100000$/m);
  expect(text).toMatch(
    /adapt faster .*0\.0300 and 0\.0100.*as the notebook expected; the output layer's is 0\.0200\.$/,
  );
  expect(rateInsights({ ...rates, "embedding.weight": row(0.005) })[0]).toMatch(/slower .*against/);
  expect(rateInsights({ "fc.bias": row(1) })).toEqual([]);
});
