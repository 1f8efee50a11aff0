import { expect, it } from "vitest";
import { supportRules } from "./support-rules.js";

const settings = { context: true, num_inner_steps: 3, inner_clip: 0.5, mask: "notebook" } as const;

it.each([
  ["meta-sgd", { context: true, innerSteps: 3, mask: "notebook" }],
  ["maml", { context: true, innerSteps: 3, mask: "notebook" }],
  ["gru", { context: false, innerSteps: 0, mask: "carry" }],
  ["gru-context", { context: true, innerSteps: 0, mask: "carry" }],
  ["gru-finetuned", { context: false, innerSteps: 3, mask: "carry" }],
] as const)("%s: %j", (algorithm, rules) => {
  expect(supportRules(algorithm, settings)).toEqual({ ...rules, innerClip: 0.5 });
});

it("a meta-learner follows its settings", () => {
  const other = { context: false, num_inner_steps: 1, inner_clip: null, mask: "carry" } as const;
  expect(supportRules("anil", other)).toEqual({ context: false, innerSteps: 1, innerClip: null, mask: "carry" });
});
