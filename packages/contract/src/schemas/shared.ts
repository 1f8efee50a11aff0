import * as z from "zod";
import { metricNames } from "../ranking.js";
import { recordOf } from "../records.js";

/** A share, metric or probability: 0 … 1. */
export const share = z.number().min(0).max(1);

export const count = z.int().nonnegative();

/** An estimate with its 95 % interval over people. */
export const interval = z.strictObject({ value: share, low: share, high: share });

/** All metrics, each with its interval. */
export const metrics = z.strictObject(recordOf(metricNames, () => interval));

/** All metrics, values without intervals. */
export const metricValues = z.strictObject(recordOf(metricNames, () => share));

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 hexadecimal digits of a SHA-256");
