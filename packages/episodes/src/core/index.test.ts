import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** External modules that run in a browser. */
const browserSafe = /^(@kshot\/contract(\/random)?|@noble\/hashes\/.+|pure-rand\/.+|\.{1,2}\/.+)$/;

it("core imports only modules that run in a browser, and nothing from files", () => {
  const sources = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  expect(sources.length).toBeGreaterThan(10);
  for (const name of sources) {
    const source = readFileSync(`${folder}/${name}`, "utf8");
    for (const [statement, module] of source.matchAll(/^(?:import|export) [^;]*?from "([^"]+)";/gms)) {
      if (/^import type /.test(statement)) continue;
      expect(module, `${name}: ${statement}`).toMatch(browserSafe);
      expect(module, `${name}: ${statement}`).not.toContain("/files/");
    }
    expect(source, name).not.toMatch(/\b(Buffer|process)\b\./);
  }
});
