import type { CountsDescription } from "@kshot/baselines";
import { isRecord } from "@kshot/contract";
import { Place } from "./model-metadata.js";

/**
 * Checks the description of a counting model in a file: its parts and, for a stack, the weights.
 *
 * @param value parsed JSON
 * @param where file and key, for errors
 * @throws `DATA` that names the first key that is missing or wrong.
 */
export function countsDescription(value: unknown, where: string): CountsDescription {
  const counts = new Place(value, where, ["counts"]);
  const parts = entriesOf(counts.at("parts")).map((part) => ({
    ...{ name: part.at("name").text(), method: part.at("method").text() },
    options: numbersOf(part.at("options")),
  }));
  const stack = counts.at("stack");
  if (stack.value === undefined) return { parts };
  const experts = stack.at("experts").texts();
  const weights = weightsIn(stack.at("weights"));
  if (weights.length !== experts.length + 3) throw stack.at("weights").wrong(`${experts.length + 3} numbers`);
  const stacked = { parts, stack: { experts, weights, repeats: stack.at("repeats").flag() } };
  const offsets = counts.at("offsets");
  if (offsets.value === undefined) return stacked;
  const own = weightsIn(offsets);
  if (own.length !== parts.length + 3) throw offsets.wrong(`${parts.length + 3} numbers`);
  return { ...stacked, offsets: own };
}

function weightsIn(list: Place): number[] {
  return entriesOf(list).map((weight) => {
    if (typeof weight.value !== "number") throw weight.wrong("a number");
    return weight.value;
  });
}

/** The entries of a list, each with its key. */
function entriesOf(list: Place): Place[] {
  const { value, file, keys } = list;
  if (!Array.isArray(value)) throw list.wrong("a list");
  return value.map((entry, i) => new Place(entry, file, [...keys, `${i}`]));
}

/** Numbers by name. */
function numbersOf(place: Place): Readonly<Record<string, number>> {
  const { value } = place;
  if (!isNumbers(value)) throw place.wrong("numbers by name");
  return value;
}

function isNumbers(value: unknown): value is Record<string, number> {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === "number");
}
