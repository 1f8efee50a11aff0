import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { flagsAsTyped, quoted } from "./as-typed.js";

it.each([
  [{ split: "val", iterations: 200, name: undefined }, "--split val --iterations 200"],
  [{ alphaRange: [-1, 1], alphaLr: 1e-7, order: 1 }, "--alpha-range -1,1 --alpha-lr 1e-7 --order 1"],
  [{ data: "my data", out: "it's" }, `--data 'my data' --out 'it'\\''s'`],
  [{}, ""],
])("gives %j as %s", (flags, text) => expect(flagsAsTyped(flags)).toBe(text));

it.skipIf(process.platform === "win32").each(["plain", "two words", "it's", "$HOME", "a\\b", '"', "", "ähnlich"])(
  "a shell reads %j as it was",
  (word) => expect(execFileSync("sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" })).toBe(word),
);
