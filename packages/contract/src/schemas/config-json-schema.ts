import * as z from "zod";
import { configSchema } from "./config.js";

/**
 * `config.json` as JSON Schema (draft 2020-12), which editors complete and check by: `{ "$schema": "…/config.schema.json", … }`.
 * `config.schema.json` of this package is this text.
 */
export function configJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: "input" });
  return `${JSON.stringify({ $schema, title: "kshot configuration", ...rest }, null, 2)}\n`;
}
