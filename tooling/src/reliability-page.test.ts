import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/reliability.md"), "utf8");

it("docs/reliability.md names a test that exists for each guarantee and each closed hole", () => {
  const tests = [...page.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, file]) => file!);
  expect(tests.length).toBeGreaterThan(40);
  expect(tests.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  const holes = [...page.matchAll(/^\| (\d+) +\|.*`[\w./-]+\.test\.ts`/gm)].map(([, number]) => Number(number));
  expect([...new Set(holes)]).toEqual(Array.from({ length: 27 }, (_, i) => i + 1));
});
