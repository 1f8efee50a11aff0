import { engineLaws } from "@kshot/engine-laws";
import { expect, test } from "vitest";
import { createSimdEngine, simdBuilds } from "../dist/index.js";

test("there is a build", () => expect(simdBuilds()).toContain("simd"));

for (const build of simdBuilds()) {
  engineLaws({
    name: `simd, ${build} build`,
    open: (config, options) => createSimdEngine({ config, build, workers: 1, ...options }),
    layers: [1, 2, 3],
    fused: ["metaGradient", "adapt", "adaptInTurn", "adaptedLogits"],
    sameBitsBesideOthers: true,
    stateDropout: true,
    offsets: true,
    optimiser: true,
    taskGroups: true,
    clipsInnerGradients: true,
  });
}
