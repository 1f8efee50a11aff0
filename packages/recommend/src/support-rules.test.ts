import { expect, it } from "vitest";
import { supportRules } from "./support-rules.js";

const settings = { context: true, innerSteps: 3, innerClip: 0.5, mask: "notebook" } as const;

it.each([
  ["meta-sgd", { context: true, innerSteps: 3, mask: "notebook" }],
  ["maml", { context: true, innerSteps: 3, mask: "notebook" }],
  ["gru", { context: false, innerSteps: 0, mask: "carry" }],
  ["gru-context", { context: true, innerSteps: 0, mask: "carry" }],
  ["gru-finetuned", { context: false, innerSteps: 3, mask: "carry" }],
] as const)("%s: %j", (algorithm, rules) => {
  expect(supportRules(algorithm, settings)).toEqual({ ...rules, innerClip: 0.5 });
});
