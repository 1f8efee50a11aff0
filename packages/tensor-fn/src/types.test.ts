import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** Modules that a declaration file and those that it imports name. */
function named(file: URL, seen: Map<string, readonly string[]> = new Map()): ReadonlyMap<string, readonly string[]> {
  if (seen.has(file.href)) return seen;
  const imports = [...readFileSync(file, "utf8").matchAll(/(?:from|import) "([^"]+)"/g)].map(([, name]) => name);
  seen.set(file.href, imports);
  for (const name of imports) if (name.startsWith(".")) named(new URL(name.replace(/\.js$/, ".d.ts"), file), seen);
  return seen;
}

test("a consumer's compiler reads no types of TensorFlow.js", () => {
  const files = named(new URL("../dist/index.d.ts", import.meta.url));
  expect(files.size).toBeGreaterThan(10);
  expect([...files].filter(([, imports]) => imports.some((name) => name.startsWith("@tensorflow/")))).toEqual([]);
});
