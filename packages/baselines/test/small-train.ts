import type { StoredCounts } from "../src/index.js";
import { pairTable } from "./pair-table.js";

/** Number of items of `train`. */
export const nItems = 8;

/** Five people's items, oldest first. */
export const train = pairTable([
  [0, 1, 2, 5],
  [3, 4, 1],
  [0, 2, 5],
  [1, 2, 7, 3],
  [6, 0],
]);

/** A person's pairs, and prefixes that are asked about. */
export const support = { sequences: [[3], [3, 4]], labels: [4, 0] };
export const queries = [[0, 1], [2], [6, 7, 5], [7]];

/** The form in a file: JSON and arrays. */
export function kept({ description, tensors }: StoredCounts): StoredCounts {
  return { description: JSON.parse(JSON.stringify(description)), tensors: structuredClone(tensors) };
}
