/** One wrong use: what is typed in a folder, the exit code, and words that the one paragraph must hold. */
export interface BadInputCase {
  readonly name: string;
  readonly skip?: boolean;
  readonly before?: (folder: string) => void | Promise<void>;
  readonly args: readonly string[];
  readonly status: number;
  readonly says: readonly RegExp[];
  /** New paths that may be there afterwards: whole files of a run that can be resumed. */
  readonly leaves?: RegExp;
}
