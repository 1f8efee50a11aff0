import { failedError, fusedStepsFit, type ResidentTraining, type Task, type TensorSpec } from "@kshot/contract";
import { type AdamState, nextAdamStep } from "./adam.js";
import type { CompleteMetaTrainingOptions } from "./meta-training-options.js";
import type { MetaTrainingState, TrainingVectors } from "./meta-training-state.js";
import { recordIteration } from "./record-iteration.js";
import { requireFiniteTraining } from "./require-finite.js";
import { scheduleFactor } from "./schedule.js";

/** A training whose vectors are in the engine's memory; the host's copies are updated when they are read. */
export class ResidentVectors {
  private stale = false;

  private constructor(
    private readonly training: ResidentTraining,
    private readonly vectors: TrainingVectors,
  ) {}

  /** Undefined if the engine has no resident training, or does not support the options: then `outerUpdate` trains. */
  static async open<M>(
    options: CompleteMetaTrainingOptions<M>,
    vectors: TrainingVectors,
    adapting: readonly TensorSpec[],
  ): Promise<ResidentVectors | undefined> {
    const { engine, algorithm, alphaSharing = "element", outerClip, innerClip } = options;
    const fits =
      algorithm.gradient !== "displacement" &&
      algorithm.headTerms === 1 &&
      alphaSharing === "element" &&
      outerClip === undefined &&
      fusedStepsFit(engine, innerClip);
    if (!fits || engine.residentTraining === undefined) return undefined;
    const { theta, alpha } = vectors;
    const values = ({ parameters, moments: { firstMoment, secondMoment } }: typeof theta) => ({
      parameters,
      firstMoment,
      secondMoment,
    });
    const start = { theta: values(theta), alpha: values(alpha), adapting };
    return new ResidentVectors(await engine.residentTraining(start), vectors);
  }

  /**
   * One iteration; a stop signal takes effect after it. @throws `FAILED`, naming the iteration, for NaN or ∞ in a loss or
   * gradient; nothing is updated then
   */
  async update<M>(
    options: CompleteMetaTrainingOptions<M>,
    state: MetaTrainingState<M>,
    tasks: readonly Task[],
    meanwhile: () => Promise<void>,
  ): Promise<void> {
    const start = options.now?.() ?? 0;
    const [computed, prepared] = await Promise.allSettled([this.iterate(options, state, tasks), meanwhile()]);
    if (computed.status === "rejected") throw computed.reason;
    if (prepared.status === "rejected") throw prepared.reason;
    recordIteration(options, state, computed.value, start);
  }

  /** Updates the host's copies. */
  async refresh(): Promise<void> {
    if (!this.stale) return;
    const read = await this.training.read();
    for (const name of ["theta", "alpha"] as const) {
      const { parameters, moments } = this.vectors[name];
      parameters.set(read[name].parameters);
      moments.firstMoment.set(read[name].firstMoment);
      moments.secondMoment.set(read[name].secondMoment);
    }
    this.stale = false;
  }

  dispose(): void {
    this.training.dispose();
  }

  private async iterate<M>(
    options: CompleteMetaTrainingOptions<M>,
    { iteration, thetaMoments, alphaMoments }: MetaTrainingState<M>,
    tasks: readonly Task[],
  ): Promise<readonly number[]> {
    const { algorithm, innerSteps, innerClip, outerLr, alphaLr = outerLr, alphaRange } = options;
    const factor = scheduleFactor(options.outerSchedule ?? "constant", iteration, options.iterations);
    const taken: AdamState[] = [];
    const next = (moments: AdamState, rate: number) => {
      taken.push(moments);
      return nextAdamStep(moments, rate * factor);
    };
    // If nothing was updated, the steps do not count.
    const takeBack = () => {
      for (const moments of taken) moments.step -= 1;
    };
    const order = algorithm.gradient === "first-order" ? 1 : options.order;
    const updated = await this.training
      .iterate(tasks, {
        innerSteps,
        order,
        ...(innerClip !== undefined && { innerClip }),
        ...(outerLr > 0 && { theta: next(thetaMoments, outerLr) }),
        ...(algorithm.learnsRates && { alpha: { step: next(alphaMoments, alphaLr), range: alphaRange } }),
      })
      .catch((error: unknown) => {
        takeBack();
        throw error;
      });
    if (updated.finite) {
      this.stale = true;
      return updated.taskLosses;
    }
    takeBack();
    const where = `${algorithm.name}, iteration ${iteration + 1}`;
    requireFiniteTraining(where, updated.taskLosses, {});
    throw failedError({
      where,
      found: "NaN or ∞ in the meta-gradient or in a loss of an inner step",
      expected: "finite numbers",
      todo: "Training diverged: lower the learning rates, or continue from an earlier state with lower ones",
    });
  }
}
