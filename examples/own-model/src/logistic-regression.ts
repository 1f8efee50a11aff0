import { engineOf } from "@kshot/engine-of";
import { adapt, startMetaTraining, trainMeta } from "@kshot/meta-sgd";
import { add, indices, matMul, mean, softmaxCrossEntropy, tensor } from "@kshot/tensor-fn";

const engine = await engineOf({
  shapes: { w: [2, 2], b: [2] },
  loss: ({ w, b }, { x, y }: { x: number[][]; y: number[] }) =>
    mean(softmaxCrossEntropy(add(matMul(tensor(x), w), b), indices(y, [y.length]))),
});
/** A person: points on both sides of a line through the origin; each person has a different direction. */
const person = (angle: number, count: number) => {
  const x = Array.from({ length: count }, (_, i) => [Math.cos(2.4 * i + angle), Math.sin(2.4 * i + angle)]);
  return { x, y: x.map(([a, b]) => (a! * Math.cos(angle) + b! * Math.sin(angle) > 0 ? 1 : 0)) };
};
const tasks = [0, 1, 2, 3].map((n) => engine.task(person(0.3 * n, 6), person(0.3 * n, 12)));
const initial = startMetaTraining(engine.vector(), 0.1);
const { state } = await trainMeta({
  engine,
  initial,
  tasks: () => tasks,
  iterations: 60,
  outerLr: 0.05,
  alphaRange: [0, 5],
});

const unseen = engine.task(person(0.45, 6), person(0.45, 12));
const [fitted] = await adapt(engine, state.theta, state.alpha, [unseen.support], 5);
const { losses } = await engine.gradients([state.theta, fitted!], [unseen.query, unseen.query]);
/** Loss of a person outside the training, before and after five steps on six of their points. */
export const [before, after] = losses as [number, number];
console.log(`before ${before.toFixed(3)}, after ${after.toFixed(3)}`);
