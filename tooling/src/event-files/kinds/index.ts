import { badRowsKinds } from "./bad-rows.js";
import { encodingsKinds } from "./encodings.js";
import type { FileKind } from "./file-kind.js";
import { jsonKinds } from "./json.js";
import { noRowsKinds } from "./no-rows.js";
import { packedKinds } from "./packed.js";
import { parquetKinds } from "./parquet.js";
import { severalFilesKinds } from "./several-files.js";
import { textKinds } from "./text.js";
import { timesKinds } from "./times.js";

export type { FileKind } from "./file-kind.js";
export { events } from "./samples.js";

/** All kinds of event file, in the order of docs/data.md. */
export const kinds: readonly FileKind[] = [
  ...textKinds,
  ...packedKinds,
  ...encodingsKinds,
  ...jsonKinds,
  ...parquetKinds,
  ...timesKinds,
  ...badRowsKinds,
  ...severalFilesKinds,
  ...noRowsKinds,
];
