import type { Results } from "@kshot/contract/schemas";
import { expect, test } from "vitest";
import { expertSharesOf, leftOutTitle, triedTitle } from "./expert-shares.js";
import { methodsOf } from "./methods.js";
import { stackTable, stackTables } from "./stack-table.js";

type Stack = NonNullable<Results["stack"]>;

const stack: Stack = {
  loss: 1.5,
  examples: 2000,
  shares: [
    { name: "gru", weight: -0.25, lossWithout: null },
    { name: "stan", weight: 0.75, lossWithout: 1.625 },
  ],
};

/** Methods of results with a stack, or without one. */
const methods = (own?: Stack) =>
  methodsOf([
    {
      name: "mixture.json",
      results: {
        ...{
          schema: "kshot.results/1",
          algorithm: own === undefined ? "gru" : "mixture",
          k: 5,
          q: 1,
          config: { seed: 1 },
        },
        data: { fingerprint: "a".repeat(64), items: ["a"], people: { train: 9, val: 9, test: 9 } },
        ...{ evaluations: [], history: { iteration: [], metaLoss: [], validation: [], alpha: {} }, alpha: {} },
        ...(own === undefined ? {} : { stack: own }),
        test: { opened: 0 },
        volatile: {
          ...{ runId: "r", runTag: "t", createdAt: "2026", command: "", paths: {}, host: {}, engine: "simd" },
          ...{ build: "simd", workers: 1, secondsPerIteration: [] },
        },
      },
    },
  ]);

test("each expert's weight, and what the loss is and gains without it, the most valuable first", () => {
  const [table] = stackTables(methods(stack));
  expect(table?.title).toEqual([
    "Mixture of counts: weights fitted on 2,000 validation pairs, loss 1.5000 (mean −log p)",
  ]);
  expect(table?.rows.map((row) => row.slice(1))).toEqual([
    ["0.750", "1.6250", "+0.1250"],
    ["−0.250", "–", "–"],
  ]);
  expect(table?.notes).toEqual([]);
});

test("the networks that were tried, the kept one marked, and the stack without a network", () => {
  const network: Stack["network"] = {
    chosen: "meta-sgd",
    tried: [
      { name: "gru", loss: 1.4, mrr: 0.3 },
      { name: "meta-sgd", loss: 1.3, mrr: 0.35 },
      { name: null, loss: 1.6, mrr: 0.25 },
    ],
  };
  expect(stackTables(methods({ ...stack, network }))[0]?.notes).toEqual([
    triedTitle,
    "Plain GRU: loss 1.4000, MRR 0.3000",
    "Meta-SGD (kept): loss 1.3000, MRR 0.3500",
    "Without a network: loss 1.6000, MRR 0.2500",
  ]);
});

test("a network that was trained on the counts is named so, and the mark of the kept one is on it alone", () => {
  const tried = [
    { name: "gru" as const, loss: 1.4, mrr: 0.3 },
    { name: "gru" as const, onCounts: true, loss: 1.35, mrr: 0.31 },
  ];
  const said = "MRR 0.3100";
  const notes = (onCounts?: boolean) =>
    stackTables(
      methods({ ...stack, network: { chosen: "gru", ...(onCounts === undefined ? {} : { onCounts }), tried } }),
    )[0]?.notes?.slice(1);
  expect(notes(true)?.[1]).toBe(`Plain GRU on the counts (kept): loss 1.3500, ${said}`);
  expect(notes(true)?.[0]).not.toContain("(kept)");
  expect(notes()?.[1]).toBe(`Plain GRU on the counts: loss 1.3500, ${said}`);
  expect(notes()?.[0]).toContain("Plain GRU (kept)");
});

test("the ensemble that was tried has its figures, and the mark if it is kept", () => {
  const tried = [{ name: "gru" as const, loss: 1.4, mrr: 0.3 }];
  const note = (kept: boolean) => {
    const ensemble = { networks: 4, kept, loss: 1.2, mrr: 0.36 };
    return stackTables(methods({ ...stack, network: { chosen: "gru", tried, ensemble } }))[0]?.notes?.[2];
  };
  const figures = "loss 1.2000, MRR 0.3600";
  expect(note(true)).toBe(`The kept network and an ensemble of 4 GRUs of other seeds (kept): ${figures}`);
  expect(note(false)).toBe(`The kept network and an ensemble of 4 GRUs of other seeds: ${figures}`);
});

test("the counts that the stack does not need are named once, with the number of runs where it is not all of them", () => {
  const left = { ...stack, leftOut: [{ name: "markov-2", loss: 1.5001 }] };
  const more = { ...stack, leftOut: [...left.leftOut, { name: "v-sknn", loss: 1.5004 }] };
  expect(stackTables(methods(left))[0]?.notes).toEqual([`${leftOutTitle}: Markov, two orders`]);
  const [one, two] = [left, more].flatMap((own) => methods(own));
  expect(expertSharesOf([{ ...one!, files: [...one!.files, ...two!.files] }])[0]?.leftOut).toBe(
    "Markov, two orders; V-SKNN (1 of 2 runs)",
  );
});

test("results that are not a stack have no table", () => {
  expect(stackTables(methods())).toEqual([]);
  expect(stackTable(methods())).toBe("");
  expect(stackTable(methods(stack))).toContain("0.750");
});
