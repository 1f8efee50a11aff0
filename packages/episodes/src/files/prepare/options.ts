import type { DataSetOptions, DataSetProgress, Shares } from "../../core/build-data-set.js";

/** Unit of numbers in the time column, counted since 1970 (UTC). */
export type TimeUnit = "s" | "ms" | "us" | "ns";

/** Options for reading files of events. */
export interface ReadOptions {
  /**
   * Files of events, folders of them (every file in it, by name) or patterns (`*`, `?`, `[…]`), read in this order: CSV, TSV, JSON
   * lines or Parquet, recognised by their content.
   */
  readonly inputs: readonly string[];
  /** Names of the columns; without a header, their numbers from 1. Dotted names reach into JSON and nested Parquet. */
  readonly columns: {
    /** Unused with `userFromFilename`. */
    readonly user: string;
    readonly item: string;
    readonly time: string;
    readonly session?: string;
    /** Column that orders events of equal times; after it, the position in the files. */
    readonly order?: string;
    /** Column with train, val or test for each person. */
    readonly split?: string;
  };
  /** The name of a file, without its endings, is the person. Default false. */
  readonly userFromFilename?: boolean;
  /** Unit of numbers in the time column. Default: recognised by their size; ambiguous sizes are refused. */
  readonly timeUnit?: TimeUnit;
  /** Form of the times in `strptime` letters, as `%d/%m/%Y %H:%M`. Default: ISO 8601. */
  readonly timeFormat?: string;
  /** Text files begin with a line of column names. Default true. */
  readonly header?: boolean;
  /** Text between two fields, 1 to 4 bytes. Default: the most frequent of `,` tab `;` `|` in the header. */
  readonly separator?: string;
  /** Whether `"` around a field of a text file quotes it; false: it is part of the text. Default true. */
  readonly quotes?: boolean;
  /** Encoding of text files, by its WHATWG name. Default UTF-8. */
  readonly encoding?: string;
  /** Texts that mean a missing value, in addition to the empty text. */
  readonly nulls?: readonly string[];
  /** Largest number of bad rows, which are dropped; more is an error. Default 0. */
  readonly skipBad?: number;
  /** A DuckDB expression over a row's columns; rows for which it is not true are dropped. */
  readonly where?: string;
  /**
   * An empty folder of the caller for what does not fit in memory, as `withScratchFolder` of `@kshot/store` gives it. Default: a
   * folder in the system's temporary folder, which other users may be able to read, and which DuckDB leaves there if the reading ends
   * early.
   */
  readonly spillFolder?: string | undefined;
}

/** Options of `prepareEvents`. */
export interface PrepareOptions extends ReadOptions, Omit<DataSetOptions, "onProgress"> {
  /** A file of titles, in any format of event files. How it is written does not depend on the files of events. */
  readonly titles?: {
    readonly file: string;
    /** Columns of the item and of the title; in text without such names in a header, their numbers from 1. */
    readonly id: string;
    readonly name: string;
    /** Text between two fields. Default: the one that gives the first lines equally many fields, of `::` tab `,` `;` `|`. */
    readonly separator?: string;
    /** Encoding of text. Default: UTF-8 or, for a file that is not, `encoding`. */
    readonly encoding?: string;
  };
  /** Called as each stage begins. */
  readonly onProgress?: (progress: PrepareProgress) => void;
}

/** Stages of `prepareEvents`, in their order, with the size of their input. */
export type PrepareProgress = { readonly stage: "read"; readonly files: number } | DataSetProgress;

export type { Shares };
