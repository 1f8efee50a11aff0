import type { Suite, SuiteState } from "@kshot/contract/schemas";
import { describe, expect, it } from "vitest";
import { plan } from "./plan.js";
import { settingsWithStartFile, warmStartFileOf, withStartFiles } from "./start.js";

type Run = Pick<Suite["runs"][number], "algorithms"> & { start?: string | null; hidden?: number };

/** The file that the last run starts from, with seed 2; runs are called a, b … and their folders tag-a-1 … */
function startOfLast(runs: readonly Run[]): string | undefined {
  const planned = plan(
    {
      ...{ format: "kshot.suite/1", seeds: [1, 2], reference: runs[0]!.algorithms[0]! },
      settings: { metasgd_config: { alpha_range: [-1, 1] } },
      runs: runs.map(({ algorithms, start = null, hidden = 8 }, i) => ({
        name: "abc"[i]!,
        algorithms,
        settings: { metasgd_config: { warm_start: start }, gru_config: { hidden_dim: hidden } },
      })),
    },
    {},
  );
  const state = {
    runs: planned.map(({ name, seed }) => ({ name, seed, run_id: "", run_tag: `tag-${name}-${seed}`, done: true })),
  } as unknown as SuiteState;
  return warmStartFileOf(planned.at(-1)!, planned, state, "/suite");
}

describe("a run starts from", () => {
  it.each<[string, Run[], string | undefined]>([
    ["nothing", [{ algorithms: ["gru", "maml"] }], undefined],
    ["its own network", [{ algorithms: ["gru", "maml"], start: "gru" }], undefined],
    [
      "the network of an earlier run of its seed",
      [{ algorithms: ["gru"] }, { algorithms: ["maml"] }, { algorithms: ["meta-sgd"], start: "maml" }],
      "/suite/tag-b-2/models/maml/maml_gru_K5.safetensors",
    ],
    [
      "the plain GRU to fine-tune, although its learners start from another network of the same run",
      [{ algorithms: ["gru"] }, { algorithms: ["maml", "meta-sgd", "gru-finetuned"], start: "maml" }],
      "/suite/tag-a-2/models/gru/gru_gru_K5.safetensors",
    ],
    [
      "the plain GRU to fine-tune if there is no learner to start from maml",
      [{ algorithms: ["gru", "maml"] }, { algorithms: ["gru-finetuned"], start: "maml" }],
      "/suite/tag-a-2/models/gru/gru_gru_K5.safetensors",
    ],
    ["a file", [{ algorithms: ["meta-sgd"], start: "/m.safetensors" }], "/m.safetensors"],
  ])("%s", (_, runs, file) => expect(startOfLast(runs)).toBe(file));

  it.each<[string, Run[], RegExp]>([
    [
      "fine-tuning of another network than the plain GRU",
      [{ algorithms: ["gru", "maml"] }, { algorithms: ["meta-sgd", "gru-finetuned"], start: "maml" }],
      /run "b": learners that start from maml, and gru-finetuned, which starts from gru.*a separate run of gru-finetuned/,
    ],
    ["fine-tuning without a GRU", [{ algorithms: ["maml"] }, { algorithms: ["gru-finetuned"] }], /gru is neither/],
    [
      "a network of another size",
      [
        { algorithms: ["gru"], hidden: 4 },
        { algorithms: ["maml"], start: "gru" },
      ],
      /with the same gru_config/,
    ],
    [
      "the best fine-tuning without a GRU in the run",
      [{ algorithms: ["gru"] }, { algorithms: ["meta-sgd"], start: "tuned" }],
      /run "b": a start from the best fine-tuning .*gru is not among its algorithms \(meta-sgd\)/,
    ],
  ])("not from %s", (_, runs, message) => expect(() => startOfLast(runs)).toThrow(message));
});

it("the caller gives the paths of files; networks of runs are not files", () => {
  const at = (file: string) => `/x/${file}`;
  const start = (warm_start: string) => ({ metasgd_config: { warm_start, order: 1 as const } });
  expect(settingsWithStartFile(start("m.safetensors"), at)).toEqual(start("/x/m.safetensors"));
  expect(settingsWithStartFile(start("maml"), at)).toEqual(start("maml"));
  expect(settingsWithStartFile({ K: 3 }, at)).toEqual({ K: 3 });
  const suite: Suite = {
    ...{ format: "kshot.suite/1", seeds: [1], reference: "gru", settings: start("a") },
    runs: [{ name: "r", algorithms: ["maml"], settings: start("b") }],
  };
  expect(withStartFiles(suite, at)).toEqual({
    ...suite,
    settings: start("/x/a"),
    runs: [{ ...suite.runs[0], settings: start("/x/b") }],
  });
});
