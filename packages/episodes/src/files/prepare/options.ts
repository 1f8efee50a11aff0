import type { DataSetOptions, DataSetProgress, Shares } from "../../core/build-data-set.js";

/** What a number in the time column counts since 1970 (UTC). */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/** How the files of events are read. */
export interface ReadOptions {
  /**
   * Files of events, folders of them (every file in it, by name) or patterns (`*`, `?`, `[…]`), read in this order: CSV, TSV, JSON
   * lines or Parquet, told by their content.
   */
  readonly inputs: readonly string[];
  /** Names of the columns; without a header, their numbers from 1. Dotted names reach into JSON and nested Parquet. */
  readonly columns: {
    /** Unused with `userFromFilename`. */
    readonly user: string;
    readonly item: string;
    readonly time: string;
    readonly session?: string;
    /** Orders events of equal times, before their place in the files does. */
    readonly order?: string;
    /** Says train, val or test for each person. */
    readonly split?: string;
  };
  /** The name of a file, without its endings, is the person. Default false. */
  readonly userFromFilename?: boolean;
  /** What numbers in the time column count. Default: told by their size, and refused where that is ambiguous. */
  readonly timeUnit?: TimeUnit;
  /** Form of the times in `strptime` letters, as `%d/%m/%Y %H:%M`. Default: ISO 8601. */
  readonly timeFormat?: string;
  /** Text files begin with a line of column names. Default true. */
  readonly header?: boolean;
  /** Text between two fields, 1 to 4 bytes. Default: the one of `,` tab `;` `|` that the header holds most of. */
  readonly separator?: string;
  /** Encoding of text files, by its WHATWG name. Default UTF-8. */
  readonly encoding?: string;
  /** Texts that mean nothing there, besides empty ones. */
  readonly nulls?: readonly string[];
  /** Rows that may be bad and are dropped; one more is an error. Default 0. */
  readonly skipBad?: number;
  /** A DuckDB expression over a row's columns; rows for which it is not true are dropped. */
  readonly where?: string;
}

/** Options of `prepareEvents`. */
export interface PrepareOptions extends ReadOptions, Omit<DataSetOptions, "onProgress"> {
  /** A file of titles, of any format that events come in, and its two columns. */
  readonly titles?: { readonly file: string; readonly id: string; readonly name: string };
  /** Called as each stage begins. */
  readonly onProgress?: (progress: PrepareProgress) => void;
}

/** Stages of `prepareEvents`, in their order, with the size of their input. */
export type PrepareProgress = { readonly stage: "read"; readonly files: number } | DataSetProgress;

export type { Shares };
