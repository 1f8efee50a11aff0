import { basename } from "node:path";
import type { Engine, Pairs, ParameterLayout, ParameterVector } from "@kshot/contract";
import { dataError, entryAt, onlyEntry } from "@kshot/contract";
import { type Config, type Golden, goldenSchema } from "@kshot/contract/schemas";
import { gruConfig } from "@kshot/gru-layout";
import { adam, adapt, clampRates, metaGradient, nextAdamStep } from "@kshot/meta-sgd";
import { readJsonFile } from "@kshot/store";
import type { Progress } from "../progress.js";
import { type EngineUnderTest, enginesOn } from "./doctor-engines.js";

/** The quantities of a golden file, in the order they depend on each other. */
export const goldenQuantities = [
  "logits",
  "loss",
  "gradient",
  "hessianVectorProduct",
  "adapted1",
  "adaptedS",
  "metaLoss",
  "dTheta",
  "dAlpha",
  "dThetaFirstOrder",
  "dAlphaFirstOrder",
  "trainingLosses",
  "trainingTheta",
  "trainingAlpha",
] as const;
/** A quantity that golden files hold. */
export type GoldenQuantity = (typeof goldenQuantities)[number];

/** Largest relative error in float32, ‖a − b‖/‖b‖. */
const tolerance = 2e-5;
/** The same for adapted and trained parameters, relative to their movement: ‖a − b‖/‖b − start‖. */
const movementTolerance = 1e-3;

/** One comparison of an engine with a golden value. */
export interface DoctorRow {
  readonly engine: string;
  readonly backend: string;
  readonly file: string;
  readonly quantity: GoldenQuantity;
  readonly relativeError: number;
  readonly tolerance: number;
  readonly ok: boolean;
}

/** The golden file of the package, small enough for every run of `doctor`. */
export function builtInGolden(): string {
  return new URL("../../golden/built-in.json", import.meta.url).pathname;
}

/**
 * Compares every engine and backend of this machine with golden values from double backward in float64.
 *
 * @throws `DATA` for a file that is not a golden file. A backend that does not load is an error too, not a pass.
 */
export async function doctor(options: {
  files: readonly string[];
  /** Left out: those of `device`. */
  engines?: readonly EngineUnderTest[];
  /** Left out: the processor. */
  device?: Config["device"];
  progress: Progress;
}): Promise<DoctorRow[]> {
  const rows: DoctorRow[] = [];
  const engines = options.engines ?? (await enginesOn(options.device ?? "cpu"));
  for (const line of engines.flatMap(({ about }) => about ?? [])) options.progress({ type: "note", text: line });
  const held = await Promise.all(engines.map(({ hold }) => hold?.()));
  try {
    for (const path of options.files) {
      const golden = await readGolden(path);
      for (const { name, backend, open } of engines) {
        const stage = `${basename(path)} on ${name}/${backend}`;
        options.progress({ type: "stage", stage });
        const { nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen } = golden.config;
        const config = gruConfig({ nItems, embeddingDim, hiddenDim, numLayers, maxSeqLen, dropout: 0 });
        const engine = await open(config);
        try {
          const errors = await compareWithGolden(engine, golden, path);
          for (const quantity of goldenQuantities) {
            const limit = isMovement(quantity) ? movementTolerance : tolerance;
            const relativeError = errors[quantity];
            rows.push({
              engine: engine.description.name,
              backend: engine.description.backend,
              file: basename(path),
              quantity,
              relativeError,
              tolerance: limit,
              ok: relativeError <= limit,
            });
          }
        } finally {
          engine.dispose();
        }
        const worst = rows.slice(-goldenQuantities.length).filter((row) => !row.ok).length;
        options.progress({
          type: "done",
          stage,
          text: worst === 0 ? "all within tolerance" : `${worst} outside tolerance`,
        });
      }
    }
  } finally {
    for (const engine of held) engine?.dispose();
  }
  return rows;
}

/** Relative errors of all quantities of one golden file. */
export async function compareWithGolden(
  engine: Engine,
  golden: Golden,
  file: string,
): Promise<Record<GoldenQuantity, number>> {
  const { layout } = engine;
  const flatten = (parameters: Record<string, number[]>, what: string) =>
    flatParameters(parameters, layout, file, what);
  const theta64 = flatten(golden.theta, "theta");
  const alpha64 = flatten(golden.alpha, "alpha");
  const theta = filled(engine, theta64);
  const alpha = filled(engine, alpha64);
  const { innerSteps } = golden.config;
  const tasks = golden.tasks.map(({ support, query }) => engine.task(support as Pairs, query as Pairs));
  const { support: support0 } = entryAt(tasks, 0);

  const logits = onlyEntry(await engine.logits([theta], [support0]));
  const { losses, gradients } = await engine.gradients([theta], [support0]);
  const direction = filled(engine, flatten(golden.support0.direction, "direction"));
  const product = onlyEntry(await engine.hessianVectorProducts([theta], [support0], [direction]));
  const adapted1 = onlyEntry(await adapt(engine, theta, alpha, [support0], 1));
  const adaptedS = onlyEntry(await adapt(engine, theta, alpha, [support0], innerSteps));
  const second = await metaGradient(engine, theta, alpha, tasks, { innerSteps, order: 2 });
  const first = await metaGradient(engine, theta, alpha, tasks, { innerSteps, order: 1 });
  const trained = await trainAsGolden(engine, golden, theta, alpha, tasks);

  const adaptedAt = (steps: number) => {
    const parameters = golden.adapted0[String(steps)];
    if (!parameters)
      throw dataError({
        where: `${file}, adapted0`,
        found: `no entry "${steps}"`,
        expected: `"1" and "${innerSteps}"`,
      });
    return flatten(parameters, `adapted0.${steps}`);
  };
  return {
    logits: relative(logits.values, golden.support0.logits.flat()),
    loss: relative(losses, [golden.support0.loss]),
    gradient: relative(onlyEntry(gradients), flatten(golden.support0.gradient, "gradient")),
    hessianVectorProduct: relative(product, flatten(golden.support0.hessianVectorProduct, "hessianVectorProduct")),
    adapted1: relative(adapted1, adaptedAt(1), theta64),
    adaptedS: relative(adaptedS, adaptedAt(innerSteps), theta64),
    metaLoss: relative(
      [mean(second.taskLosses), ...second.taskLosses],
      [golden.meta.secondOrder.loss, ...golden.meta.secondOrder.taskLosses],
    ),
    dTheta: relative(second.dTheta, flatten(golden.meta.secondOrder.dTheta, "dTheta")),
    dAlpha: relative(second.dAlpha, flatten(golden.meta.secondOrder.dAlpha, "dAlpha")),
    dThetaFirstOrder: relative(first.dTheta, flatten(golden.meta.firstOrder.dTheta, "dTheta")),
    dAlphaFirstOrder: relative(first.dAlpha, flatten(golden.meta.firstOrder.dAlpha, "dAlpha")),
    trainingLosses: relative(trained.losses, golden.training.losses),
    trainingTheta: relative(trained.theta, flatten(golden.training.theta, "training.theta"), theta64),
    trainingAlpha: relative(trained.alpha, flatten(golden.training.alpha, "training.alpha"), alpha64),
  };
}

/** The golden file's outer steps: Adam on θ and α, then α clamped; in the engine's memory if it supports this, as in `train`. */
async function trainAsGolden(
  engine: Engine,
  golden: Golden,
  start: ParameterVector,
  startRates: ParameterVector,
  tasks: ReturnType<Engine["task"]>[],
): Promise<{ losses: number[]; theta: ParameterVector; alpha: ParameterVector }> {
  const { outerLr, alphaClamp, batches } = golden.training;
  const theta = start.slice();
  const alpha = startRates.slice();
  const optimiser = adam();
  const thetaState = optimiser.init(theta.length);
  const alphaState = optimiser.init(alpha.length);
  const options = { innerSteps: golden.config.innerSteps, order: 2 } as const;
  const resident = await engine.residentTraining?.({
    theta: { parameters: theta, ...thetaState },
    alpha: { parameters: alpha, ...alphaState },
    adapting: engine.layout.tensors,
  });
  try {
    const losses: number[] = [];
    for (const batch of batches) {
      const own = batch.map((task) => entryAt(tasks, task));
      if (resident) {
        const { taskLosses } = await resident.iterate(own, {
          ...options,
          theta: nextAdamStep(thetaState, outerLr),
          alpha: { step: nextAdamStep(alphaState, outerLr), range: alphaClamp },
        });
        losses.push(mean(taskLosses));
      } else {
        const step = await metaGradient(engine, theta, alpha, own, options);
        losses.push(mean(step.taskLosses));
        optimiser.update(thetaState, theta, step.dTheta, outerLr);
        optimiser.update(alphaState, alpha, step.dAlpha, outerLr);
        clampRates(alpha, alphaClamp);
      }
    }
    const read = await resident?.read();
    return { losses, theta: read?.theta.parameters ?? theta, alpha: read?.alpha.parameters ?? alpha };
  } finally {
    resident?.dispose();
  }
}

async function readGolden(path: string): Promise<Golden> {
  const golden = await readJsonFile(path, goldenSchema);
  return golden;
}

/** Parameters by name → one flat vector in the model's order; shapes are checked by size. */
function flatParameters(
  parameters: Record<string, number[]>,
  layout: ParameterLayout,
  file: string,
  what: string,
): Float64Array {
  const flat = new Float64Array(layout.size);
  for (const { name, offset, size, shape } of layout.tensors) {
    const values = parameters[name];
    if (values === undefined || values.length !== size) {
      throw dataError({
        where: `${file}, ${what}`,
        found: values === undefined ? `no tensor ${name}` : `${values.length} values in ${name}`,
        expected: `${size} values, shape [${shape.join(", ")}]`,
      });
    }
    flat.set(values, offset);
  }
  return flat;
}

function filled(engine: Engine, values: Float64Array): ParameterVector {
  const vector = engine.vector();
  vector.set(values);
  return vector;
}

/** ‖a − b‖/‖b‖, or over ‖b − start‖ when `start` is given. */
function relative(a: ArrayLike<number>, b: ArrayLike<number>, start?: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let difference = 0;
  let size = 0;
  for (const [i, expected] of Array.from(b).entries()) {
    difference += (entryAt(a, i) - expected) ** 2;
    size += (expected - (start?.[i] ?? 0)) ** 2;
  }
  return Math.sqrt(difference) / Math.sqrt(size);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function isMovement(quantity: GoldenQuantity): boolean {
  return (
    quantity === "adapted1" || quantity === "adaptedS" || quantity === "trainingTheta" || quantity === "trainingAlpha"
  );
}
