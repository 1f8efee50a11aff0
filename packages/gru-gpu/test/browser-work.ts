import type { Engine, MetaGradient } from "@kshot/contract";
import { gruConfig, initialParameters } from "@kshot/gru-layout";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

export const config = gruConfig({ nItems: 23, embeddingDim: 5, hiddenDim: 7, numLayers: 2, maxSeqLen: 6, dropout: 0 });

/** The same meta-gradient on any engine, as plain lists. */
export async function browserWork(engine: Engine): Promise<Record<"taskLosses" | "dTheta" | "dAlpha", number[]>> {
  const theta = initialParameters(config, xoroshiro128plus(1));
  const alpha = theta.map((value) => 0.1 * Math.abs(value));
  const support = { sequences: [[3], [3, 7], [3, 7, 1]], labels: [7, 1, 9] };
  const query = { sequences: [[3, 7, 1, 9], [12]], labels: [4, 22] };
  const tasks = [engine.task(support, query), engine.task(query, support)];
  const result: MetaGradient = await engine.metaGradient!(theta, alpha, tasks, { innerSteps: 3, order: 2 });
  return { taskLosses: [...result.taskLosses], dTheta: [...result.dTheta], dAlpha: [...result.dAlpha] };
}
