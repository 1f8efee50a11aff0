import { type AskedMetric, askedMetric } from "@kshot/contract";
import type { Config } from "@kshot/contract/schemas";

/** The further metrics of a configuration, in the form of an evaluation plan. The schema has checked their names. */
export function askedMetrics({ metrics = [] }: Pick<Config, "metrics">): { readonly metrics: readonly AskedMetric[] } {
  return { metrics: metrics.flatMap((name) => askedMetric(name) ?? []) };
}
