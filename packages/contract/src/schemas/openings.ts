import * as z from "zod";
import { count, sha256 } from "./shared.js";

/**
 * `openings.json` of a data folder: how often its test people were evaluated, by the fingerprint of the data. `prepare` keeps it; no
 * fingerprint covers it.
 */
export const openingsSchema = z.strictObject({
  schema: z.literal("kshot.openings/1"),
  data: z.record(
    sha256,
    z.strictObject({
      opened: count,
      /** Each evaluation in order: the id of the run or evaluation, and the time. Its index plus 1 is its number. */
      by: z.array(z.strictObject({ id: z.string(), at: z.string() })),
    }),
  ),
});

/** `openings.json` of a data folder: evaluations of the test people by data fingerprint. */
export type Openings = z.infer<typeof openingsSchema>;
