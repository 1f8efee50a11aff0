import { KshotError } from "@kshot/contract";
import fc from "fast-check";
import { expect, it } from "vitest";
import { modelFiles } from "../test/model.js";
import { countsDescription } from "./counts-description.js";
import { servingMetadata } from "./model-metadata.js";
import { openSavedModel } from "./open-model.js";

/** The error of a call, which must be one of kshot; undefined if there is none. */
async function refusal(work: () => unknown): Promise<KshotError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!KshotError.isInstance(error)) throw error;
    expect(error.code).toBe("DATA");
    return error;
  }
}

it.each([
  ["metadata of a model", servingMetadata],
  ["parts of a count model", countsDescription],
] as const)("%s: any JSON is read or refused", async (_, read) => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const error = await refusal(() => read(value, "m"));
      expect(error?.message ?? "m, ").toMatch(/^m, /);
    }),
  );
});

it("a model with any bytes changed is opened or refused", async () => {
  const { whole: model } = modelFiles();
  const edits = fc.array(fc.tuple(fc.nat(model.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(edits, fc.nat(model.length), fc.boolean(), async (changes, length, cut) => {
      const bytes = Uint8Array.from(model);
      for (const [at, value] of changes) bytes[at] = value;
      const error = await refusal(() => openSavedModel(cut ? bytes.subarray(0, length) : bytes));
      if (error !== undefined) refused++;
    }),
    { numRuns: 300 },
  );
  expect(refused).toBeGreaterThan(100);
});
