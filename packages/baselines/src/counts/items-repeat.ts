import type { PairTable } from "@kshot/contract";
import type { CountModelTensors } from "../count-models/count-model.js";

/** Whether any item follows itself in the train pairs. If so, the last item of a prefix may come again. */
export function itemsRepeat({ length, prefixOffsets, prefixItems, label }: PairTable): boolean {
  for (let row = 0; row < length; row++) {
    if (prefixItems[prefixOffsets[row + 1]! - 1] === label[row]) return true;
  }
  return false;
}

/** `itemsRepeat` as a tensor of a stored method. */
export function repeatsTensor(train: PairTable): Int32Array {
  return Int32Array.of(itemsRepeat(train) ? 1 : 0);
}

/** Whether an item may follow itself, of a stored method; false for a method that was stored without it. */
export function repeatsIn({ repeats }: CountModelTensors): boolean {
  return (repeats?.[0] ?? 0) > 0;
}
