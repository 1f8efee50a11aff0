import type { Engine } from "@kshot/contract";
import type { Golden } from "@kshot/contract/schemas";
import { adam, adapt, clampRates, metaGradient } from "@kshot/meta-sgd";
import { describe, expect, test } from "vitest";
import type { EngineUnderTest } from "./engine-under-test.js";
import { flat, goldenConfig, goldenFiles, readGolden } from "./golden-files.js";
import { relativeError } from "./relative-error.js";

/** Largest relative error of float32 against float64: docs/decisions/2026-11-23-golden-values.md. */
const tolerance = 2e-5;
/** The same for adapted and trained parameters, relative to how far they moved. */
const movementTolerance = 1e-3;

/** Tests against the golden files: every quantity that `kshot doctor` compares. */
export function goldenLaws({ name, open }: EngineUnderTest): void {
  const withGolden = async (file: string, use: (engine: Engine, golden: Golden) => Promise<void>) => {
    const golden = readGolden(file);
    const engine = await open(goldenConfig(golden));
    try {
      await use(engine, golden);
    } finally {
      engine.dispose();
    }
  };
  /** θ and α as float32: the values compared with them must start from the same numbers. */
  const start = ({ theta, alpha }: Golden) => [Float32Array.from(flat(theta)), Float32Array.from(flat(alpha))] as const;

  describe(`${name}: golden values`, () => {
    test("there are golden files", () => expect(goldenFiles.length).toBeGreaterThanOrEqual(4));

    test.each(goldenFiles)("%s: logits, loss, gradient and Hessian-vector product are PyTorch's", (file) =>
      withGolden(file, async (engine, golden) => {
        const { config, shapes, tasks, support0 } = golden;
        expect(engine.layout.tensors.map((tensor) => [tensor.name, tensor.shape])).toEqual(Object.entries(shapes));
        const [theta] = start(golden);
        const { support } = engine.task(tasks[0]!.support, tasks[0]!.query);

        const [logits] = await engine.logits([theta], [support]);
        expect([logits!.rows, logits!.columns]).toEqual([tasks[0]!.support.labels.length, config.nItems]);
        expect(relativeError(logits!.values, support0.logits.flat())).toBeLessThan(tolerance);

        const { losses, gradients } = await engine.gradients([theta], [support]);
        expect(Math.abs(losses[0]! / support0.loss - 1)).toBeLessThan(tolerance);
        expect(relativeError(gradients[0]!, flat(support0.gradient))).toBeLessThan(tolerance);

        const [product] = await engine.hessianVectorProducts([theta], [support], [flat(support0.direction)]);
        expect(relativeError(product!, flat(support0.hessianVectorProduct))).toBeLessThan(tolerance);
      }),
    );

    test.each(goldenFiles)("%s: adapted parameters move as PyTorch's", (file) =>
      withGolden(file, async (engine, golden) => {
        const [theta, alpha] = start(golden);
        const exact = flat(golden.theta);
        const batch = engine.batch(golden.tasks[0]!.support);
        for (const [steps, right] of Object.entries(golden.adapted0)) {
          const [adapted] = await adapt(engine, theta, alpha, [batch], Number(steps));
          const moved = Float64Array.from(adapted!, (value, i) => value - theta[i]!);
          const expected = flat(right).map((value, i) => value - exact[i]!);
          expect(relativeError(moved, expected)).toBeLessThan(movementTolerance);
        }
      }),
    );

    test.each(goldenFiles)("%s: the meta-gradient of both orders is PyTorch's", (file) =>
      withGolden(file, async (engine, golden) => {
        const [theta, alpha] = start(golden);
        const tasks = golden.tasks.map(({ support, query }) => engine.task(support, query));
        for (const [order, right] of [
          [1, golden.meta.firstOrder],
          [2, golden.meta.secondOrder],
        ] as const) {
          const { innerSteps } = golden.config;
          const found = await metaGradient(engine, theta, alpha, tasks, { innerSteps, order });
          expect(relativeError(found.taskLosses, right.taskLosses)).toBeLessThan(tolerance);
          expect(relativeError(found.dTheta, flat(right.dTheta))).toBeLessThan(tolerance);
          expect(relativeError(found.dAlpha, flat(right.dAlpha))).toBeLessThan(tolerance);
        }
      }),
    );

    test.each(goldenFiles)("%s: outer steps of Adam move θ and α as PyTorch's", (file) =>
      withGolden(file, async (engine, golden) => {
        const [theta, alpha] = start(golden);
        const { outerLr, alphaClamp, batches, losses, ...trained } = golden.training;
        const tasks = golden.tasks.map(({ support, query }) => engine.task(support, query));
        const optimiser = adam();
        const moments = [optimiser.init(theta.length), optimiser.init(theta.length)] as const;
        const found: number[] = [];
        for (const batch of batches) {
          const { innerSteps } = golden.config;
          const chosen = batch.map((task) => tasks[task]!);
          const step = await metaGradient(engine, theta, alpha, chosen, { innerSteps, order: 2 });
          found.push(step.taskLosses.reduce((sum, loss) => sum + loss, 0) / step.taskLosses.length);
          optimiser.update(moments[0], theta, step.dTheta, outerLr);
          optimiser.update(moments[1], alpha, step.dAlpha, outerLr);
          clampRates(alpha, alphaClamp);
        }
        expect(relativeError(found, losses)).toBeLessThan(tolerance);
        expect(relativeError(theta, flat(trained.theta), flat(golden.theta))).toBeLessThan(movementTolerance);
        expect(relativeError(alpha, flat(trained.alpha), flat(golden.alpha))).toBeLessThan(movementTolerance);
      }),
    );
  });
}
