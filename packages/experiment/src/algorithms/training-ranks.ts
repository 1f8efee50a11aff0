import type { Engine } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";
import { type DifferentiableEngine, type MetaAlgorithmName, metaAlgorithms } from "@kshot/meta-sgd";
import type { StoredState } from "./training-state.js";

/** How a meta-gradient is computed: `Engine.metaGradient`. */
export type MetaGradientFunction = NonNullable<Engine["metaGradient"]>;

/** One meta-training that several processes share: what each of them needs in addition to the data. */
export interface SharedTraining {
  readonly algorithm: MetaAlgorithmName;
  /** The configuration of the process that leads, with all settings that were chosen before. */
  readonly config: Config;
  /** The state to start or continue from. */
  readonly state: StoredState;
}

/** A run whose meta-gradients are shared. */
export interface SharedRun {
  readonly config: Config;
  /** Fingerprint of the data. */
  readonly fingerprint: string;
  /** The algorithms whose training is shared, in the order of training. */
  readonly algorithms: readonly MetaAlgorithmName[];
}

/** Access of rank 0, which leads and writes the run, to the other processes of a training; implemented by `@kshot/fleet`. */
export interface TrainingRanks {
  /** Waits until all processes are there, with the same settings and data. Called once, before the first write. */
  gather(run: SharedRun): Promise<void>;
  /** Starts a training in all processes. @returns the meta-gradient, each process computing its share */
  begin(training: SharedTraining, engine: Engine): Promise<MetaGradientFunction>;
  /** Ends the current training in all processes. */
  end(): Promise<void>;
}

/** Whether an algorithm's training can be shared: not Reptile's, which has no meta-gradient. */
export function isShared(algorithm: string): algorithm is MetaAlgorithmName {
  return (
    Object.hasOwn(metaAlgorithms, algorithm) &&
    metaAlgorithms[algorithm as MetaAlgorithmName].gradient !== "displacement"
  );
}

/** The engine with another way to compute a meta-gradient, for the learner. */
export function withMetaGradient(engine: Engine, metaGradient: MetaGradientFunction): DifferentiableEngine {
  const { clipsInnerGradients, optimiser } = engine;
  return {
    layout: engine.layout,
    vector: () => engine.vector(),
    gradients: (...given) => engine.gradients(...given),
    hessianVectorProducts: (...given) => engine.hessianVectorProducts(...given),
    metaGradient,
    ...(clipsInnerGradients === undefined ? {} : { clipsInnerGradients }),
    ...(optimiser === undefined ? {} : { optimiser }),
  };
}
