import fc from "fast-check";
import { expect, it } from "vitest";
import type * as z from "zod";
import { KshotError } from "../errors.js";
import * as schemas from "./index.js";

const files = (Object.entries(schemas) as [string, unknown][]).filter(
  (entry): entry is [string, z.ZodType] =>
    entry[0].endsWith("Schema") && typeof entry[1] === "object" && entry[1] !== null && "safeParse" in entry[1],
);

/** Checks a value by a schema: it is accepted, or refused by an error that names the file in one paragraph of bounded length. */
function acceptedOrNamed(schema: z.ZodType, value: unknown): boolean {
  try {
    schemas.parseFile(schema, value, "a.json");
    return true;
  } catch (error) {
    if (!KshotError.isInstance(error) || error.code !== "DATA") throw error;
    expect(error.message).toMatch(/^a\.json: /);
    expect(error.message).not.toMatch(/\n\s+at /);
    return false;
  }
}

it.each(files)("%s accepts any JSON or names what is wrong", (_, schema) => {
  expect(files.length).toBeGreaterThan(15);
  fc.assert(
    fc.property(fc.jsonValue(), (value) => void acceptedOrNamed(schema, value)),
    { numRuns: 60 },
  );
});

/** A value of JSON with one of its parts replaced by another. */
const changed = (valid: unknown) =>
  fc.tuple(fc.infiniteStream(fc.nat(1000)), fc.jsonValue()).map(([draws, other]) => {
    const copy = structuredClone(valid) as Record<string, unknown>;
    let at = copy;
    for (;;) {
      const keys = Object.keys(at);
      const key = keys[draws.next().value % keys.length]!;
      const below = at[key] as Record<string, unknown> | null;
      if (typeof below === "object" && below !== null && Object.keys(below).length > 0 && draws.next().value % 4 > 0) {
        at = below;
        continue;
      }
      at[key] = other;
      return copy;
    }
  });

it("a configuration with any one setting replaced is accepted or refused by name", () => {
  const valid = schemas.configSchema.parse({});
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(changed(valid), (value) => void seen.add(acceptedOrNamed(schemas.configSchema, value))),
    { numRuns: 300 },
  );
  expect(seen).toContain(false);
});
