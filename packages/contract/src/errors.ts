export { messageOf } from "./cause.js";

const marker: unique symbol = Symbol.for("kshot.error");

/** The kind of error, for programs; `exitCodeOf` maps it to the command line's exit code. */
export type KshotErrorCode =
  /** The run could not continue: NaN in a loss, a full disk, a lost worker. */
  | "FAILED"
  /** A flag, a configuration key or a function argument is wrong. */
  | "USAGE"
  /** A file or its content is wrong: missing, truncated, a bad value in a row. */
  | "DATA"
  /** The person stopped the run. */
  | "INTERRUPTED";

/** The four sentences of an error message. */
export interface KshotErrorParts {
  /** File, column and row, flag or key: `pairs_train.parquet, column label, row 17`. */
  readonly where?: string;
  /** What was found there. */
  readonly found: string;
  /** What was expected instead. */
  readonly expected?: string;
  /** What the reader can do about it. */
  readonly todo?: string;
  /** A command that does it: printed on a separate line, ready to copy. */
  readonly command?: string;
  readonly cause?: unknown;
}

/**
 * The one error class of kshot. Its message is one paragraph: where, found, expected, what to do.
 *
 * Recognise it with `KshotError.isInstance`, which also works across two copies of the package.
 * @example
 * ```js
 * import { dataError, exitCodeOf, KshotError } from "@kshot/contract";
 *
 * const error = dataError({ where: "events.csv, row 17", found: "no time", expected: "Unix seconds" });
 * console.log(error.message); // events.csv, row 17: no time. Expected Unix seconds.
 * console.log(KshotError.isInstance(error), exitCodeOf(error)); // true 3
 * ```
 */
export class KshotError extends Error {
  override readonly name = "KshotError";
  readonly code: KshotErrorCode;
  readonly parts: KshotErrorParts;
  readonly [marker] = true;

  constructor(code: KshotErrorCode, parts: KshotErrorParts) {
    super(paragraph(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = code;
    this.parts = parts;
  }

  /** Whether a value is a `KshotError`, of this or another copy of the package. */
  static isInstance(value: unknown): value is KshotError {
    return typeof value === "object" && value !== null && marker in value && value[marker] === true;
  }
}

/** A flag, key or argument that cannot be used; the command line exits with 2. */
export function usageError(parts: KshotErrorParts): KshotError {
  return new KshotError("USAGE", parts);
}

/** A file or a value in it that cannot be used; the command line exits with 3. */
export function dataError(parts: KshotErrorParts): KshotError {
  return new KshotError("DATA", parts);
}

/** A run that could not continue; the command line exits with 1. */
export function failedError(parts: KshotErrorParts): KshotError {
  return new KshotError("FAILED", parts);
}

/** A run that the person stopped; the command line exits with 130. */
export function interruptedError(parts: KshotErrorParts): KshotError {
  return new KshotError("INTERRUPTED", parts);
}

/** Exit code of the command line for an error: 130, 3, 2, or 1 for anything unknown. */
export function exitCodeOf(error: unknown): 1 | 2 | 3 | 130 {
  if (!KshotError.isInstance(error)) return 1;
  switch (error.code) {
    case "USAGE":
      return 2;
    case "DATA":
      return 3;
    case "INTERRUPTED":
      return 130;
    case "FAILED":
      return 1;
  }
}

function paragraph({ where, found, expected, todo, command }: KshotErrorParts): string {
  const head = where === undefined ? sentence(found) : `${where}: ${sentence(found)}`;
  const tail = [
    expected === undefined ? "" : sentence(`Expected ${expected}`),
    todo === undefined ? "" : sentence(todo),
  ];
  const text = [head, ...tail].filter((part) => part !== "").join(" ");
  return command === undefined ? text : `${text}\n\n    ${command}\n`;
}

function sentence(text: string): string {
  return /[.!?…:]$/.test(text) ? text : `${text}.`;
}
