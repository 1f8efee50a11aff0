import { expect, it } from "vitest";
import { countEngine } from "../../test/count-engine.js";
import { networkScorer } from "./network-scorer.js";
import type { Person } from "./person-scorer.js";

const people: Person[] = [
  { support: { sequences: [[0], [0, 1]], labels: [1, 2] }, query: { sequences: [[0, 1, 2], [3]], labels: [3, 0] } },
  { support: { sequences: [[3]], labels: [2] }, query: { sequences: [[3, 2], [1]], labels: [1, 1] } },
];
const theta = Float64Array.from([0.1, -0.2, 0.3, 0, 0.5]);
const alpha = Float64Array.from([0.5, 0.4, 0.3, 0.2, 0.1]);
const rules = { context: false, innerClip: null };

const values = async (scorer: ReturnType<typeof networkScorer>, steps: readonly number[], who = people) =>
  (await scorer.scores(who, steps)).map((all) => all.map(({ values }) => Array.from(values)));

it("the fused evaluation of an engine gives what adapting and scoring one after the other gives", async () => {
  const network = { theta, alpha, rules };
  const steps = [2, 0, 1];
  const apart = await values(networkScorer({ ...network, engine: countEngine(4) }), steps);
  const fused = await values(networkScorer({ ...network, engine: countEngine(4, { fused: true }) }), steps);
  for (const [i, all] of apart.entries())
    for (const [p, own] of all.entries())
      for (const [j, value] of own.entries()) expect(fused[i]?.[p]?.[j]).toBeCloseTo(value, 12);
  // Each person's parameters move by their own pairs.
  expect(apart[0]).not.toEqual(apart[1]);
});

it("takes one step of θ − α∘∇L on the support pairs", async () => {
  const engine = countEngine(4);
  const [person] = people as [Person];
  const { gradients } = await engine.gradients([theta], [engine.batch(person.support)]);
  const stepped = theta.map((value, j) => value - alpha[j]! * gradients[0]![j]!);
  const [expected] = await engine.logits([stepped], [engine.batch(person.query)]);
  const [[found] = []] = await values(networkScorer({ engine, theta, alpha, rules }), [1], [person]);
  expect(found).toHaveLength(8);
  for (const [j, value] of (found ?? []).entries()) expect(value).toBeCloseTo(expected!.values[j]!, 12);
});

it("scales each inner gradient to the clip's norm, and then leaves the fused evaluation", async () => {
  const clipped = { context: false, innerClip: 1e-6 };
  const engine = countEngine(4, { fused: true });
  const [still, moved] = await values(networkScorer({ engine, theta, alpha, rules: clipped }), [0, 1]);
  const [, free] = await values(networkScorer({ engine, theta, alpha, rules }), [0, 1]);
  const distance = (a: number[][] = [], b: number[][] = []) =>
    Math.max(...a.flat().map((value, j) => Math.abs(value - b.flat()[j]!)));
  expect(distance(still, moved)).toBeLessThan(1e-5);
  expect(distance(still, moved)).toBeGreaterThan(0);
  expect(distance(still, free)).toBeGreaterThan(0.01);
});

it("reads the carried state without adaptation, with every mask of the engine", async () => {
  const masked = networkScorer({ engine: countEngine(4, { mask: "notebook" }), theta, alpha, rules });
  const carried = networkScorer({ engine: countEngine(4), theta, alpha, rules });
  const [zeroShot, adapted] = await values(masked, [0, 1]);
  expect(zeroShot).toEqual((await values(carried, [0]))[0]);
  expect(adapted).not.toEqual((await values(carried, [1]))[0]);
  // A network without rates never adapts.
  expect(await values(networkScorer({ engine: countEngine(4), theta, alpha: null, rules }), [0, 3])).toEqual([
    zeroShot,
    zeroShot,
  ]);
});

it("with context each query begins with the support pairs, or with all that is known of the person", async () => {
  const engine = countEngine(4);
  const context = { context: true, innerClip: null };
  const scorer = networkScorer({ engine, theta, alpha, rules: context });
  const [person] = people as [Person];
  const expected = async (histories: number[][]) => {
    const [logits] = await engine.logits([theta], [engine.batch({ sequences: histories, labels: [0, 0] })]);
    return [Array.from(logits!.values)];
  };
  // The first query continues the support's session; the second begins a new session.
  expect((await values(scorer, [0], [person]))[0]).toEqual(
    await expected([
      [0, 1, 2],
      [0, 1, 2, 3],
    ]),
  );
  const queryInContext = { sequences: [[1], [2, 2]], labels: [0, 0] };
  expect((await values(scorer, [0], [{ ...person, queryInContext }]))[0]).toEqual(await expected([[1], [2, 2]]));
});
