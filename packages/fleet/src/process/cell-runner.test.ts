import { expect, test } from "vitest";
import { cellEnvironment } from "./cell-runner.js";

test("a cell's process gives freed memory back, unless the user has other settings of the allocator", () => {
  const environment = cellEnvironment({ HOME: "/home", MALLOC_ARENA_MAX: "8" });
  expect(environment).toEqual({
    HOME: "/home",
    MALLOC_ARENA_MAX: "8",
    MALLOC_MMAP_THRESHOLD_: "1048576",
    MALLOC_TRIM_THRESHOLD_: "1048576",
  });
});
