import { expect, test } from "vitest";
import type { ComparableResults } from "./results.js";
import { stackShares, stackTable } from "./stack-table.js";

type Stack = NonNullable<ComparableResults["stack"]>;

const stack: Stack = {
  loss: 1.5,
  examples: 200,
  shares: [
    { name: "stan", weight: 0.75, lossWithout: 1.625 },
    { name: "gru", weight: 0.25, lossWithout: null },
  ],
} as Stack;

test("each expert's weight, and what the loss is and gains without it", () => {
  const table = stackShares({ algorithm: "mixture", stack });
  expect(table?.title[0]).toMatch(/weights fitted on 200 validation pairs, loss 1\.5000/);
  expect(table?.rows.map((row) => row.slice(1))).toEqual([
    ["0.750", "1.6250", "0.1250"],
    ["0.250", "–", "–"],
  ]);
  expect(table?.notes).toEqual([]);
});

test("the networks that were tried, the kept one marked, and the stack without a network", () => {
  const tried = [
    { name: "gru", loss: 1.4, mrr: 0.3 },
    { name: "meta-sgd", loss: 1.3, mrr: 0.35 },
    { name: null, loss: 1.6, mrr: 0.25 },
  ];
  const network = { chosen: "meta-sgd", tried } as unknown as Stack["network"];
  expect(stackShares({ algorithm: "hybrid", stack: { ...stack, network } as Stack })?.notes).toEqual([
    "Plain GRU: loss 1.4000, MRR 0.3000 on validation people left out of the fit",
    "Meta-SGD (kept): loss 1.3000, MRR 0.3500 on validation people left out of the fit",
    "Without a network: loss 1.6000, MRR 0.2500 on the same people",
  ]);
});

test("results that are no stack have no table", () => {
  expect(stackShares({ algorithm: "gru" })).toBeNull();
  expect(stackTable([{ algorithm: "gru" }])).toBe("");
  expect(stackTable([{ algorithm: "gru" }, { algorithm: "mixture", stack }])).toContain("0.750");
});
