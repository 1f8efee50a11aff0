import { usageError } from "@kshot/contract";
import type { Plan } from "@kshot/contract/schemas";

/** The kinds of plan. */
export type PlanKind = Plan["work"]["kind"];

/**
 * The work of a plan, which must be of the kind that the caller works on.
 *
 * @param directory - folder of the plan, for the message
 * @throws `USAGE` for a plan of another kind
 */
export function requireKind<K extends PlanKind>(
  { work }: Plan,
  kind: K,
  directory: string,
): Extract<Plan["work"], { readonly kind: K }> {
  if (isOfKind(work, kind)) return work;
  throw usageError({
    where: directory,
    found: `the plan of a ${work.kind}`,
    expected: `that of a ${kind}`,
    todo: `Use kshot ${work.kind}`,
  });
}

function isOfKind<K extends PlanKind>(
  work: Plan["work"],
  kind: K,
): work is Extract<Plan["work"], { readonly kind: K }> {
  return work.kind === kind;
}
