import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configJsonSchema } from "./config-json-schema.js";

it("config.schema.json is the schema that reads config.json (vitest -u writes it again)", async () => {
  await expect(configJsonSchema()).toMatchFileSnapshot("../../config.schema.json");
});

it("names every key with its default, and refuses others", () => {
  const schema = JSON.parse(readFileSync(new URL("../../config.schema.json", import.meta.url), "utf8"));
  expect(schema.additionalProperties).toBe(false);
  expect(schema.properties.K).toMatchObject({ type: "integer", default: 5 });
  expect(schema.properties.metasgd_config.properties.num_meta_iterations.default).toBe(10000);
  expect(schema.properties.metasgd_config.additionalProperties).toBe(false);
});
