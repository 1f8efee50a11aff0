import type { FileKind } from "./file-kind.js";

/** Files without rows. */
export const noRowsKinds: readonly FileKind[] = [
  {
    name: "a zip archive",
    files: { "e.csv": Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0, 0, 0) },
    events: null,
    says: /zip.*Unpack it first/,
  },
  {
    name: "a spreadsheet",
    files: { "e.xlsx": Uint8Array.of(0x50, 0x4b, 3, 4) },
    events: null,
    says: /Save the sheet as CSV/,
  },
  {
    name: "zstd",
    files: { "e.csv.zst": Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd) },
    events: null,
    says: /pack it as \.gz/,
  },
  { name: "an SQLite database", files: { "e.db": "SQLite format 3\0" }, events: null, says: /Export the table as CSV/ },
  { name: "an empty file", files: { "e.csv": "" }, events: null, says: /an empty file/ },
  {
    name: "a web page in place of the file",
    files: { "e.csv": "<!DOCTYPE html>\n<html><body>not found</body></html>\n" },
    events: null,
    says: /HTML.*download/,
  },
  {
    name: "a pointer of Git LFS",
    files: { "e.csv": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n" },
    events: null,
    says: /git lfs pull/,
  },
];
