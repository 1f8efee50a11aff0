import { dataError } from "@kshot/contract";
import { crossSessionPmi } from "./cross-session-pmi.js";
import { ease } from "./ease.js";
import { itemPopularity } from "./item-popularity.js";
import type { EncodedRival, Rival, RivalKind } from "./rival.js";
import { sequenceKnn } from "./sequence-knn.js";
import { sequentialRules } from "./sequential-rules.js";
import { stan } from "./stan.js";
import { vSknn } from "./v-sknn.js";
import { variableMarkov } from "./variable-markov.js";

/** Every rival by name; a new one is one row and one file. */
export const rivalKinds = {
  popularity: itemPopularity,
  "variable-markov": variableMarkov,
  "sequential-rules": sequentialRules,
  "sequence-knn": sequenceKnn,
  "v-sknn": vSknn,
  stan,
  ease,
  "cross-session-pmi": crossSessionPmi,
} as const satisfies Readonly<Record<string, unknown>>;
/** Name of a rival of the table. */
export type RivalName = keyof typeof rivalKinds;

/** Looks a rival up by name, with its options as plain numbers. */
export function rivalKind(name: RivalName): RivalKind {
  return rivalKinds[name] as unknown as RivalKind;
}

/**
 * Opens a stored rival; its scores equal those before encoding, bit for bit.
 *
 * @throws `DATA` for a name that is not in the table or a tensor that is missing
 */
export function decodeRival(encoded: EncodedRival): Rival {
  if (Object.hasOwn(rivalKinds, encoded.name)) return rivalKind(encoded.name as RivalName).decode(encoded);
  throw dataError({
    where: "stored rival, name",
    found: encoded.name,
    expected: Object.keys(rivalKinds).join(", "),
  });
}
