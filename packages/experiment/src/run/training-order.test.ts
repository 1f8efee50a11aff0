import { expect, it } from "vitest";
import { tinyConfig } from "../../test/tiny.js";
import type { Settings } from "../config/index.js";
import { trainingOrder } from "./training-order.js";

type Algorithms = NonNullable<Settings["algorithms"]>;
const order = (algorithms: Algorithms, warm_start: string | null = null, hasFile = false) =>
  trainingOrder(tinyConfig({ algorithms, metasgd_config: { warm_start, alpha_range: [-1, 1] } }), hasFile);

it.each<[Algorithms, string | null, Algorithms]>([
  [["maml", "markov", "gru"], null, ["maml", "markov", "gru"]],
  [["maml", "markov", "gru"], "gru", ["gru", "maml", "markov"]],
  [["meta-sgd", "maml"], "maml", ["maml", "meta-sgd"]],
  [["markov", "gru-finetuned", "gru"], null, ["gru", "markov", "gru-finetuned"]],
  [["meta-sgd", "gru-context", "gru"], "tuned", ["gru", "gru-context", "meta-sgd"]],
  [["meta-sgd", "gru"], "tuned", ["gru", "meta-sgd"]],
  [["gru", "gru"], null, ["gru"]],
])("%j from %s: %j", (algorithms, start, expected) => expect(order(algorithms, start)).toEqual(expected));

it.each<[Algorithms, string | null, RegExp]>([
  [["maml"], "gru", /^--warm-start gru: gru is not among the algorithms of this run \(maml\)/],
  [["meta-sgd"], "tuned", /^--warm-start tuned: gru is not among/],
  [["gru-finetuned"], null, /^--algorithm gru-finetuned: gru is not among/],
])("%j from %s without its network is refused", (algorithms, start, message) => {
  expect(() => order(algorithms, start)).toThrow(message);
});

it("a file can replace a network, except the networks that are tuned", () => {
  expect(order(["gru-finetuned", "maml"], "gru", true)).toEqual(["gru-finetuned", "maml"]);
  expect(() => order(["meta-sgd"], "tuned", true)).toThrow(/--warm-start tuned/);
});
