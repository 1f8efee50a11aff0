import { type Engine, failedError, type MetaGradient, type ParameterVector, type Task } from "@kshot/contract";
import { adam, metaGradient, nextAdamStep, TrainingVector } from "@kshot/meta-sgd";

const outerLr = 1e-4;
const alphaRange = [1e-4, 0.1] as const;

/** Meta-iterations on the same tasks, as training makes them. */
export interface MetaIterations {
  /** One iteration: exact meta-gradient over all tasks, Adam on θ and α, clamp. */
  readonly iterate: () => Promise<void>;
  readonly dispose: () => void;
}

/**
 * Meta-iterations in the engine's memory if the engine supports it, otherwise by `metaGradient` and the optimiser.
 *
 * @param start θ; it is copied
 * @param alpha α; it is copied
 */
export async function metaIterations(
  engine: Engine,
  start: ParameterVector,
  alpha: ParameterVector,
  tasks: readonly Task[],
  innerSteps: number,
): Promise<MetaIterations> {
  const moments = () => adam().init(start.length);
  if (engine.residentTraining) {
    const [thetaMoments, alphaMoments] = [moments(), moments()];
    const training = await engine.residentTraining({
      theta: { parameters: start, ...thetaMoments },
      alpha: { parameters: alpha, ...alphaMoments },
      adapting: engine.layout.tensors,
    });
    const iterate = async () => {
      const theta = nextAdamStep(thetaMoments, outerLr);
      const rates = { step: nextAdamStep(alphaMoments, outerLr), range: alphaRange };
      const { finite } = await training.iterate(tasks, { innerSteps, order: 2, theta, alpha: rates });
      if (!finite) throw notFinite(engine);
    };
    return { iterate, dispose: () => training.dispose() };
  }
  const [theta, rates] = [
    TrainingVector.from(engine, start, moments()),
    TrainingVector.from(engine, alpha, moments()),
  ] as const;
  const [dTheta, dAlpha] = [theta.spare, rates.spare];
  let spare: Pick<MetaGradient, "dTheta" | "dAlpha"> | undefined = dTheta && dAlpha && { dTheta, dAlpha };
  const iterate = async () => {
    // As in training: the memory of the last gradient is used for the next.
    const options = { innerSteps, order: 2, ...(spare && { spare }) } as const;
    spare = await metaGradient(engine, theta.parameters, rates.parameters, tasks, options);
    await theta.step(spare.dTheta, outerLr);
    await rates.step(spare.dAlpha, outerLr);
    rates.clamp(alphaRange, engine.layout.tensors);
  };
  return { iterate, dispose: () => {} };
}

/** An engine that updates nothing is not timed: its iterations would be too short. */
function notFinite({ description: { name, backend } }: Engine) {
  return failedError({
    where: `bench, ${name} engine (${backend})`,
    found: "a meta-gradient with a value that is not finite, so that nothing was updated",
    expected: "finite values on random tasks",
    todo: "Run kshot doctor on this device",
  });
}
