import { gzipSync } from "node:zlib";
import type { FileKind } from "./file-kind.js";
import { csv, events } from "./samples.js";

/** A copy with one changed byte: `at` counts from the end and is negative. */
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, i) => (i === bytes.length + at ? byte ^ 1 : byte));

/** Packed text. */
export const packedKinds: readonly FileKind[] = [
  { name: "gzip", files: { "e.csv.gz": gzipSync(csv) }, events },
  { name: "gzip without its ending", files: { "e.csv": gzipSync(csv) }, events },
  {
    name: "truncated gzip",
    files: { "e.csv.gz": gzipSync(csv).subarray(0, -12) },
    events: null,
    says: /damaged or truncated.*again/,
  },
  { name: "gzip of text with a byte order mark", files: { "e.csv.gz": gzipSync(`\uFEFF${csv}`) }, events },
  {
    name: "gzip of several parts",
    files: { "e.csv.gz": Buffer.concat([gzipSync(csv.slice(0, 99)), gzipSync(csv.slice(99))]) },
    events,
  },
  {
    name: "gzip, a wrong checksum",
    files: { "e.csv.gz": flipped(gzipSync(csv), -6) },
    events: null,
    says: /damaged or truncated.*again/,
  },
];
