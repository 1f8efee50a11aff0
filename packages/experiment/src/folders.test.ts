import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const source = import.meta.dirname;

/** Folders from the lowest. Each may import the `index.ts` of the folders before it (docs/architecture.md). */
const folders = ["config", "data", "evaluation", "algorithms", "run", "suite", "tools"];

const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter(
  (name) => name.endsWith(".ts") && statSync(join(source, name)).isFile(),
);

/** Files that a file imports, relative to `src`, without an ending. */
function imports(file: string): string[] {
  const text = readFileSync(join(source, file), "utf8");
  return [...text.matchAll(/from "(\.[^"]+)\.js"/g)].map(([, path = ""]) =>
    relative(source, join(source, dirname(file), path)),
  );
}

function folderOf(path: string): string | undefined {
  return folders.find((folder) => path.startsWith(`${folder}/`));
}

describe("folders", () => {
  it("every file is in a folder, except those that all folders share", () => {
    const outside = files.filter((file) => folderOf(file) === undefined && !file.endsWith(".test.ts"));
    expect(outside.sort()).toEqual(["circumstances.ts", "index.ts", "progress.ts"]);
  });

  it.each(files.filter((file) => !file.endsWith(".test.ts")))(
    "%s imports other folders through their index.ts, and only lower ones",
    (file) => {
      const own = folderOf(file);
      for (const path of imports(file)) {
        const other = folderOf(path);
        if (other === undefined || other === own) continue;
        expect(path).toBe(`${other}/index`);
        if (own !== undefined) expect(folders.indexOf(other)).toBeLessThan(folders.indexOf(own));
      }
    },
  );
});
