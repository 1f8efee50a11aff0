import type { Engine, GroupSums } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectError } from "./contract-laws.js";
import type { EngineUnderTest } from "./engine-under-test.js";
import { randomPairs, shape } from "./examples.js";

/** Tests that the sums of an engine's groups, added in order, are its meta-gradient to the bit. */
export function groupLaws({ name, open, taskGroups: claimed = false }: EngineUnderTest): void {
  describe(`${name}: groups of tasks`, () => {
    const config = gruConfig(shape);
    const theta = initialParameters(config, xoroshiro128plus(10));
    const alpha = initialParameters(config, xoroshiro128plus(30)).map((value) => 0.05 * Math.abs(value));
    const options = { innerSteps: 2, order: 2 } as const;
    let engine: Engine;
    beforeAll(async () => {
      engine = await open(config);
    });
    afterAll(() => engine?.dispose());
    const tasksOf = (count: number) =>
      Array.from({ length: count }, (_, i) => engine.task(randomPairs(1 + (i % 5), 9), randomPairs(1 + (i % 7), 9)));

    test("the engine has groups if and only if it claims them", () => {
      expect(engine.taskGroups !== undefined).toBe(claimed);
    });

    test.runIf(claimed)(
      "groups that are computed apart sum to the meta-gradient's bits, the last one smaller",
      async () => {
        const { size, sums } = engine.taskGroups!;
        const tasks = tasksOf(4 * size + 1);
        const expected = await engine.metaGradient!(theta, alpha, tasks, options);
        let spare: GroupSums | undefined;
        for (const cuts of [
          [0, 5],
          [0, 2, 2, 5],
          [0, 1, 4, 5],
        ]) {
          const losses: number[] = [];
          const total = [new Float32Array(theta.length), new Float32Array(theta.length)] as const;
          for (const [i, end] of cuts.slice(1).entries()) {
            const given = { ...options, ...(spare && { spare }) };
            const part: GroupSums = await sums(theta, alpha, tasks, { begin: cuts[i]!, end }, given);
            expect(part.dTheta.length).toBe(end - cuts[i]!);
            losses.push(...part.taskLosses);
            for (const [g, dTheta] of part.dTheta.entries()) {
              const dAlpha = part.dAlpha[g]!;
              for (let k = 0; k < theta.length; k++) {
                total[0][k]! += dTheta[k]!;
                total[1][k]! += dAlpha[k]!;
              }
            }
            spare = part;
          }
          expect(losses).toEqual(expected.taskLosses);
          const mean = (sum: Float32Array) => Array.from(sum, (value) => Math.fround(value * (1 / tasks.length)));
          expect(mean(total[0])).toEqual(Array.from(expected.dTheta));
          expect(mean(total[1])).toEqual(Array.from(expected.dAlpha));
        }
      },
    );

    test.runIf(claimed)("a range outside the meta-batch is refused", async () => {
      const { size, sums } = engine.taskGroups!;
      const tasks = tasksOf(size + 1);
      for (const [begin, end] of [
        [-1, 1],
        [1, 0],
        [0, 3],
        [0, 0.5],
      ] as const) {
        await expectError(() => sums(theta, alpha, tasks, { begin, end }, options), "USAGE", /groups/);
      }
    });
  });
}
