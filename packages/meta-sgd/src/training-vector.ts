import type { ParameterVector, TensorSpec, TrainedVector } from "@kshot/contract";
import { type AdamState, adam, copyMoments, nextAdamStep } from "./adam.js";
import { clampRates } from "./clamp-rates.js";
import { copyVector, type DifferentiableEngine } from "./differentiable-engine.js";
import { requireRange } from "./require-argument.js";
import { allFinite } from "./require-finite.js";

/** Parameters in training and their moments, in the memory of the engine's optimiser if it has one. */
export class TrainingVector {
  private constructor(
    private readonly engine: DifferentiableEngine,
    readonly parameters: ParameterVector,
    readonly moments: AdamState,
    private readonly own: TrainedVector | undefined,
  ) {}

  /** Copies of parameters and moments. */
  static from(engine: DifferentiableEngine, parameters: ParameterVector, moments: AdamState): TrainingVector {
    const own = engine.optimiser?.vector();
    if (own === undefined) {
      return new TrainingVector(engine, copyVector(engine, parameters), copyMoments(moments), undefined);
    }
    const { firstMoment, secondMoment } = own;
    own.parameters.set(parameters);
    firstMoment.set(moments.firstMoment);
    secondMoment.set(moments.secondMoment);
    return new TrainingVector(engine, own.parameters, { step: moments.step, firstMoment, secondMoment }, own);
  }

  /** Memory in which the engine may write this vector's gradient; undefined if that has no advantage. */
  get spare(): ParameterVector | undefined {
    return this.own?.gradient;
  }

  /** Whether no value of a gradient is NaN or infinite. */
  isFinite(gradient: ParameterVector): boolean {
    const { own, engine } = this;
    return own && gradient === own.gradient ? engine.optimiser!.gradientIsFinite(own) : allFinite(gradient);
  }

  /** One step of Adam or AdamW, in place: by the engine if the gradient is in its memory, with the same bits. */
  async step(gradient: ParameterVector, rate: number, weightDecay = 0): Promise<void> {
    const { own, engine } = this;
    if (own === undefined || gradient !== own.gradient) {
      adam().update(this.moments, this.parameters, gradient, rate, weightDecay);
    } else await engine.optimiser!.step(own, nextAdamStep(this.moments, rate, weightDecay));
  }

  /** `clampRates` of the parameters: by the engine if they are in its memory, with the same bits. */
  clamp(range: readonly [low: number, high: number], tensors: readonly Pick<TensorSpec, "offset" | "size">[]): void {
    const { own, engine } = this;
    if (own === undefined) {
      clampRates(this.parameters, range, tensors);
      return;
    }
    requireRange("alpha range", range);
    engine.optimiser!.clamp(own, range, tensors);
  }
}
