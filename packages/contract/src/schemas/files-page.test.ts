import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { checkpointMetadataSchema } from "./checkpoint.js";
import { configSchema } from "./config.js";
import { campusSchema, summarySchema } from "./data-folder.js";
import { doneSchema, failuresSchema, planSchema, populationManifestSchema } from "./fleet.js";
import { resultsSchema } from "./results.js";
import {
  manifestSchema,
  modelMetadataSchema,
  networkSearchSchema,
  rateAnalysisSchema,
  rateStatistics,
  registrySchema,
  reportSchema,
} from "./run-folder.js";
import { suiteSchema, suiteStateSchema } from "./suite.js";

const page = readFileSync(new URL("../../../../docs/files.md", import.meta.url), "utf8").replaceAll(
  /^```[\s\S]*?^```/gm,
  "",
);
const named = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, name]) => name));

/** Keys below these are settings, which `config.schema.json` documents, or parts that docs/data.md documents. */
const elsewhere = new Set([
  "gru_config",
  "metasgd_config",
  "gru_training",
  "finetune_config",
  "config",
  "rows",
  "account",
]);

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema | boolean;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
}

/** Names of the properties of a schema to a depth: 1 is its own properties. */
function keysOf(schema: JsonSchema | boolean | undefined, depth: number): string[] {
  if (schema === undefined || typeof schema === "boolean") return [];
  const below = [schema.items, schema.additionalProperties, ...(schema.anyOf ?? [])].flatMap((part) =>
    keysOf(part, depth),
  );
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, part]) => [
    key,
    ...(depth > 1 && !elsewhere.has(key) ? keysOf(part, depth - 1) : []),
  ]);
  return [...own, ...below];
}

describe("docs/files.md names each key of", () => {
  test.each<[string, z.ZodType, number]>([
    ["summary.json", summarySchema, 2],
    ["campus.json", campusSchema, 1],
    ["meta.json", registrySchema, 2],
    ["config.json", configSchema, 1],
    ["report.json", reportSchema, 1],
    ["lr_analysis.json", rateStatistics, 1],
    ["rate_analysis.json", rateAnalysisSchema, 1],
    ["network_search.json", networkSearchSchema, 2],
    ["manifest.json", manifestSchema, 2],
    ["suite.json", suiteStateSchema, 2],
    ["a suite", suiteSchema, 2],
    ["plan.json", planSchema, 1],
    ["done.json", doneSchema, 1],
    ["_MANIFEST.json", populationManifestSchema, 2],
    ["failures.json", failuresSchema, 2],
    ["results", resultsSchema, 3],
    ["a model", modelMetadataSchema, 1],
    ["a checkpoint", checkpointMetadataSchema, 2],
  ])("%s", (_, schema, depth) => {
    const keys = keysOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema, depth);
    expect(keys.length).toBeGreaterThan(2);
    expect(keys.filter((key) => !named.has(key))).toEqual([]);
  });
});
