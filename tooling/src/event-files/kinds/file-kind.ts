import type { PlainEvent } from "../count-pairs.js";

/** A file's content, or SQL for the Parquet file that DuckDB writes of the events. */
type Content = string | Uint8Array | { readonly parquet: string };

/** One kind of event file. */
export interface FileKind {
  /** Its row in docs/data.md. */
  readonly name: string;
  /** Files by name; a name may hold folders. */
  readonly files: Readonly<Record<string, Content>>;
  /** The words after `prepare --input …`; by default user, item, time. */
  readonly flags?: string;
  /** Instead of the files: a folder or a pattern. */
  readonly input?: string;
  /** The expected events; null: the file is refused. */
  readonly events: readonly PlainEvent[] | null;
  /** Words of the error: the flag or the step that helps. */
  readonly says?: RegExp;
  /** Words of a note or a warning. */
  readonly notes?: RegExp;
}
