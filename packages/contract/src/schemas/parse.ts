import type * as z from "zod";
import { dataError } from "../errors.js";

/**
 * Checks a value read from a file against its schema.
 *
 * @throws `DATA`, which names the file and up to ten wrong keys, each with what was expected.
 * @example
 * ```js
 * import { configSchema, parseFile } from "@kshot/contract/schemas";
 *
 * const config = parseFile(configSchema, { K: 3 }, "config.json");
 * console.log(config.K, config.Q); // 3 10
 * ```
 */
export function parseFile<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues;
  const lines = issues.slice(0, 10).map((issue) => {
    const path = issue.path.map(String).join(".");
    return path === "" ? issue.message : `${path}: ${issue.message}`;
  });
  const more = issues.length > 10 ? `; and ${issues.length - 10} more` : "";
  throw dataError({
    where: file,
    found: `${lines.join("; ")}${more}`,
    todo: "Correct the file, or write it again with the program that made it",
    cause: parsed.error,
  });
}
