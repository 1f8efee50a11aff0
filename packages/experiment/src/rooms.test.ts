import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const source = import.meta.dirname;

/** Rooms from the lowest: each may use the rooms before it, through their `index.ts`. */
const rooms = ["config", "data", "evaluation", "algorithms", "run", "suite", "tools"];

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

function roomOf(path: string): string | undefined {
  return rooms.find((room) => path.startsWith(`${room}/`));
}

describe("rooms", () => {
  it("every file lies in a room, but for what all rooms share", () => {
    const outside = files.filter((file) => roomOf(file) === undefined && !file.endsWith(".test.ts"));
    expect(outside.sort()).toEqual(["circumstances.ts", "index.ts", "progress.ts"]);
  });

  it.each(files.filter((file) => !file.endsWith(".test.ts")))(
    "%s enters other rooms by their door, downwards",
    (file) => {
      const own = roomOf(file);
      for (const path of imports(file)) {
        const other = roomOf(path);
        if (other === undefined || other === own) continue;
        expect(path).toBe(`${other}/index`);
        if (own !== undefined) expect(rooms.indexOf(other)).toBeLessThan(rooms.indexOf(own));
      }
    },
  );
});
