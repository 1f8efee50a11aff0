import type { Suite } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { defaultSuite } from "./default-suite.js";
import { plan } from "./plan.js";

type Run = Partial<Suite["runs"][number]> & Pick<Suite["runs"][number], "algorithms">;
const suite = (runs: readonly Run[], more: Partial<Suite> = {}): Suite => ({
  ...{ format: "kshot.suite/1", seeds: [1, 2], reference: "gru", settings: {} },
  runs: runs.map((run, i) => ({ name: "abc"[i]!, settings: {}, ...run })),
  ...more,
});
const rates = (outer_lr: number) => ({ metasgd_config: { outer_lr } });

it("plans whole seeds, one after the other", () => {
  const planned = plan(suite([{ algorithms: ["gru"] }, { algorithms: ["meta-sgd"] }]), {});
  expect(planned.map(({ name, seed }) => `${name}${seed}`)).toEqual(["a1", "b1", "a2", "b2"]);
  expect(plan(defaultSuite, {})).toHaveLength(9);
});

it("accepts runs of one algorithm with different settings that it reads", () => {
  const runs: Run[] = [
    { algorithms: ["gru", "meta-sgd"], settings: rates(0.1) },
    { algorithms: ["meta-sgd"], settings: rates(0.2) },
  ];
  expect(plan(suite(runs), {})).toHaveLength(4);
});

it.each<[string, Run[], RegExp]>([
  [
    "learners' rates do not affect the GRU and counting methods",
    [
      { algorithms: ["markov", "gru", "meta-sgd"], settings: rates(0.1) },
      { algorithms: ["markov", "gru", "meta-sgd"], settings: rates(0.2) },
    ],
    /runs "a" and "b": the same settings for markov, gru: metasgd_config\.outer_lr, in which they differ, has no effect on them.*Leave markov, gru out of "b"/,
  ],
  [
    "the intervals of checkpoints and log entries are not deciding settings",
    [
      { algorithms: ["gru", "maml"] },
      { algorithms: ["maml"], settings: { metasgd_config: { checkpoint_interval: 7, log_interval: 3 } } },
    ],
    /the same settings for maml: metasgd_config\.checkpoint_interval, metasgd_config\.log_interval.*Leave one of the two out/,
  ],
  [
    "a third run",
    [{ algorithms: ["gru"] }, { algorithms: ["maml"] }, { algorithms: ["gru-context", "maml"] }],
    /runs "b" and "c": the same settings for maml\./,
  ],
  ["other people", [{ algorithms: ["gru"] }, { algorithms: ["maml"], settings: { K: 3 } }], /"a" and "b": K 5 and 3/],
  [
    "another split",
    [{ algorithms: ["gru"] }, { algorithms: ["maml"], settings: { evaluation_split: "val" } }],
    /evaluation_split test and val/,
  ],
  ["no reference", [{ algorithms: ["markov"] }], /suite, reference: gru, which no run trains\. Expected one of markov/],
])("refuses before training, as the comparison would: %s", (_, runs, message) => {
  expect(() => plan(suite(runs), {})).toThrow(message);
});

it("takes flags into account: they may make two runs equal", () => {
  const runs: Run[] = [
    { algorithms: ["gru", "meta-sgd"], settings: rates(0.1) },
    { algorithms: ["meta-sgd"], settings: rates(0.2) },
  ];
  expect(() => plan(suite(runs), rates(0.3))).toThrow(/the same settings for meta-sgd/);
});

it("numbers of iterations that the user gives are not fitted to the data; a suite's are", () => {
  const asked = (flags: Parameters<typeof plan>[1]) => plan(defaultSuite, flags)[0]!.config.metasgd_config;
  expect(asked({})).toMatchObject({ eval_epochs: 3, num_meta_iterations: 1500 });
  expect(asked({ metasgd_config: { num_meta_iterations: 200 } })).toMatchObject({
    ...{ eval_epochs: null, num_meta_iterations: 200, eval_interval: 50 },
  });
  const both = { num_meta_iterations: 200, eval_epochs: 2 };
  expect(asked({ metasgd_config: both })).toMatchObject(both);
});
