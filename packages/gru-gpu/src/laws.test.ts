import { engineLaws } from "@kshot/engine-laws";
import { afterAll, describe } from "vitest";
import { anchor, open, software } from "../test/adapter.js";
import { costLaws } from "../test/cost-laws.js";
import { failureLaws } from "../test/failure-laws.js";

// One test file, because a software adapter takes seconds to compile the kernels, once per process.
const kept = await anchor();
afterAll(() => kept?.dispose());

describe.skipIf(kept === undefined)("WebGPU", () => {
  engineLaws({
    name: `gpu, ${kept?.description.backend}`,
    open: (config, options) => open({ config, ...options }),
    // On the processor the laws take minutes: golden files hold one layer to PyTorch, and two layers have all blocks of one.
    layers: software ? [2] : [1, 2],
    fused: ["metaGradient", "adapt", "adaptedLogits"],
    stateDropout: true,
    clipsInnerGradients: true,
    residentTraining: true,
    sameBitsBesideOthers: true,
  });
  costLaws();
  if (kept) failureLaws(kept.adapter);
});
