import { batchLaws } from "./batch-laws.js";
import { contractLaws } from "./contract-laws.js";
import { dropoutLaws } from "./dropout-laws.js";
import type { EngineUnderTest } from "./engine-under-test.js";
import { fusedLaws } from "./fused-laws.js";
import { goldenLaws } from "./golden-laws.js";
import { groupLaws } from "./group-laws.js";
import { maskLaws } from "./mask-laws.js";
import { offsetLaws } from "./offset-laws.js";
import { optimiserLaws } from "./optimiser-laws.js";
import { residentLaws } from "./resident-laws.js";
import { widthLaws } from "./width-laws.js";

/** All laws of one engine: registers their tests in the file that calls it. */
export function engineLaws(engine: EngineUnderTest): void {
  contractLaws(engine);
  maskLaws(engine);
  batchLaws(engine);
  dropoutLaws(engine);
  offsetLaws(engine);
  fusedLaws(engine);
  optimiserLaws(engine);
  residentLaws(engine);
  groupLaws(engine);
  widthLaws(engine);
  goldenLaws(engine);
}
