import { describe, expect, test } from "vitest";
import {
  dataError,
  exitCodeOf,
  failedError,
  interruptedError,
  KshotError,
  type KshotErrorParts,
  usageError,
} from "./index.js";

describe("the paragraph", () => {
  test.each<[KshotErrorParts, string]>([
    [{ found: "nothing to do" }, "nothing to do."],
    [{ found: "it ends already!" }, "it ends already!"],
    [{ where: "pairs.parquet, column label, row 17", found: "1.5" }, "pairs.parquet, column label, row 17: 1.5."],
    [{ where: "--k", found: '"x"', expected: "a number" }, '--k: "x". Expected a number.'],
    [{ found: "no file", todo: "Check the path" }, "no file. Check the path."],
    [
      { where: "a.csv", found: "no column user", expected: "user, item, time", todo: "Name it with --user." },
      "a.csv: no column user. Expected user, item, time. Name it with --user.",
    ],
  ])("%j", (parts, message) => {
    const error = usageError(parts);
    expect(error.message).toBe(message);
    expect(error.message).not.toContain("\n");
    expect(error.parts).toEqual(parts);
  });

  test("keeps the cause", () => {
    const cause = new TypeError("below");
    expect(dataError({ found: "it does not parse", cause }).cause).toBe(cause);
    expect("cause" in dataError({ found: "it does not parse" })).toBe(false);
  });
});

test.each([
  [usageError, "USAGE", 2],
  [dataError, "DATA", 3],
  [failedError, "FAILED", 1],
  [interruptedError, "INTERRUPTED", 130],
] as const)("%o has a code and an exit code", (make, code, exit) => {
  const error = make({ found: "something" });
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe("KshotError");
  expect(error.code).toBe(code);
  expect(exitCodeOf(error)).toBe(exit);
});

test("anything unknown exits with 1", () => {
  for (const thrown of [new Error("x"), { code: "USAGE" }, "USAGE", undefined, null])
    expect(exitCodeOf(thrown)).toBe(1);
});

test("an error of another copy of the package is recognised, an object that only looks like one is not", () => {
  const fromAnotherCopy = { [Symbol.for("kshot.error")]: true, code: "DATA" };
  expect(KshotError.isInstance(fromAnotherCopy)).toBe(true);
  expect(exitCodeOf(fromAnotherCopy)).toBe(3);
  for (const other of [new Error("x"), { name: "KshotError", code: "DATA" }, null, "x"])
    expect(KshotError.isInstance(other)).toBe(false);
});

test("a command is printed on a separate line, ready to copy", () => {
  const { message } = interruptedError({ found: "Stopped", todo: "To continue:", command: "kshot train --resume a/b" });
  expect(message).toBe("Stopped. To continue:\n\n    kshot train --resume a/b\n");
});
