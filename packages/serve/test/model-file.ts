import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { modelFiles, type TestModel } from "../../recommend/test/model.js";

/** A folder for models, and the function that removes it. */
export function modelFolder() {
  const folder = mkdtempSync(join(tmpdir(), "kshot-serve-"));
  return {
    folder,
    write(name: string, options: TestModel = {}): string {
      const file = join(folder, name);
      writeFileSync(file, modelFiles(options).whole);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
