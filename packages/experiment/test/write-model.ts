import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AlgorithmName } from "@kshot/contract";
import { gruParameterLayout } from "@kshot/gru-layout";
import { ratePrefix, writeModel } from "@kshot/store";
import { decidingConfig, modelShape } from "../src/config/index.js";
import { alphaFile, modelFile } from "../src/run/run-files.js";
import { tinyConfig } from "./tiny.js";

/** Writes a small model into a run folder, with its rates in a separate file, as earlier versions did. */
export async function writeSmallModel(
  runDir: string,
  algorithm: AlgorithmName,
  { mrr, rates = false }: { readonly mrr?: number | undefined; readonly rates?: boolean } = {},
): Promise<string> {
  const config = tinyConfig();
  const items = ["a", "b", "c"];
  const layout = gruParameterLayout(modelShape(config, items.length));
  const validation = mrr === undefined ? null : { "accuracy@1": 0, "recall@5": 0, "recall@10": 0, "ndcg@10": 0, mrr };
  const metadata = {
    ...{ format: "kshot.model/1" as const, algorithm, config: decidingConfig(config), items, validation },
    ...{ dataFingerprint: "a".repeat(64), iteration: 1 },
  };
  const model = join(runDir, modelFile(algorithm, { k: 2 }));
  mkdirSync(dirname(model), { recursive: true });
  const values = new Float32Array(layout.size).fill(0.5);
  await writeModel(model, { layout, values, metadata: { ...metadata, kind: "theta" } });
  if (rates) {
    await writeModel(alphaFile(model), {
      layout,
      values,
      prefix: ratePrefix,
      metadata: { ...metadata, kind: "alpha" },
    });
  }
  return model;
}
