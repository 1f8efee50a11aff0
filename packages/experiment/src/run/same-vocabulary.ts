import { type DataSet, dataError } from "@kshot/contract";

/** The model's item numbers must mean the same courses as the data's. */
export function requireSameVocabulary(model: string, items: readonly string[], data: DataSet, directory: string): void {
  const differs = items.findIndex((item, i) => item !== data.items[i]);
  if (differs === -1 && items.length === data.items.length) return;
  const at = differs === -1 ? Math.min(items.length, data.items.length) : differs;
  throw dataError({
    where: model,
    found: `a vocabulary of ${items.length} items, where item ${at} is ${name(items[at])}; ${directory} has ${data.items.length}, and item ${at} is ${name(data.items[at])}`,
    expected: "the data folder that the model was trained on, or one with the same vocabulary",
  });
}

function name(item: string | undefined): string {
  return item === undefined ? "not there" : `"${item}"`;
}

/** The note about a model that was trained on other data than a folder's, or, without a fingerprint, on unknown data. */
export function otherData(model: string, trainedOn: string | undefined): string {
  const what =
    trainedOn === undefined
      ? "does not say which data it was trained on"
      : "was trained on other data, or another split of them";
  return `${model} ${what}: if it was trained on this folder's test people, its figures are too good.`;
}
