import { basename, dirname, join } from "node:path";

let taken = 0;

/** A name beside `path` for what is to become it: `.name.tmp-<process>-<number>`, unique in this process. */
export function temporaryBeside(path: string, kind: "tmp" | "old" = "tmp"): string {
  return join(dirname(path), `.${basename(path)}.${kind}-${process.pid}-${++taken}`);
}
