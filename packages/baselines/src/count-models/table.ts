import { dataError } from "@kshot/contract";
import type { CountModel, CountModelKind, EncodedCountModel } from "./count-model.js";
import { crossSessionPmi } from "./cross-session-pmi.js";
import { ease } from "./ease.js";
import { itemPopularity } from "./item-popularity.js";
import { sequenceKnn } from "./sequence-knn.js";
import { sequentialRules } from "./sequential-rules.js";
import { stan } from "./stan.js";
import { vSknn } from "./v-sknn.js";
import { variableMarkov } from "./variable-markov.js";

/** Every count model by name; a new one is one row and one file. */
export const countModelKinds = {
  popularity: itemPopularity,
  "variable-markov": variableMarkov,
  "sequential-rules": sequentialRules,
  "sequence-knn": sequenceKnn,
  "v-sknn": vSknn,
  stan,
  ease,
  "cross-session-pmi": crossSessionPmi,
} as const satisfies Readonly<Record<string, unknown>>;
/** Name of a count model of the table. */
export type CountModelName = keyof typeof countModelKinds;

/** Looks a count model up by name, with its options as plain numbers. */
export function countModelKind(name: CountModelName): CountModelKind {
  return countModelKinds[name] as unknown as CountModelKind;
}

/**
 * Opens a stored count model; its scores equal those before encoding, bit for bit.
 *
 * @throws `DATA` for a name that is not in the table or a tensor that is missing
 */
export function decodeCountModel(encoded: EncodedCountModel): CountModel {
  if (Object.hasOwn(countModelKinds, encoded.name))
    return countModelKind(encoded.name as CountModelName).decode(encoded);
  throw dataError({
    where: "stored count model, name",
    found: encoded.name,
    expected: Object.keys(countModelKinds).join(", "),
  });
}
