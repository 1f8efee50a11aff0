import type { SplitName, Window } from "@kshot/contract";

/** `pairs/pairs_train.parquet` */
export function pairsFile(split: SplitName): string {
  return `pairs/pairs_${split}.parquet`;
}

/** `episodes/episodes_val_K5_Q10.parquet`; the first window of val and test has `_first` in its name. */
export function episodesFile(split: SplitName, window: Window, k: number, q: number): string {
  return `episodes/episodes_${split}${window === "first" ? "_first" : ""}_K${k}_Q${q}.parquet`;
}

export const vocabularyFile = "vocab/course2id.json";
export const titlesFile = "vocab/titles.json";
export const summaryFile = "summary.json";
/** The number of evaluations of the test people; `prepare` keeps it. */
export const openingsFile = "openings.json";

/** Whether a data folder that kshot writes has a file of this name, relative to it. */
export function isDataFolderFile(name: string): boolean {
  return (
    [vocabularyFile, titlesFile, summaryFile, openingsFile].includes(name) ||
    /^pairs\/pairs_(train|val|test)\.parquet$/.test(name) ||
    /^episodes\/episodes_(train|val|test|val_first|test_first)_K\d+_Q\d+\.parquet$/.test(name)
  );
}
