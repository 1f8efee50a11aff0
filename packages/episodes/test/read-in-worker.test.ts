import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KshotError } from "@kshot/contract";
import { expect, it } from "vitest";
import type * as Episodes from "../src/index.js";
import { dataSet } from "./data-set.js";
import { temporaryFolder } from "./temporary-folder.js";

const built = new URL("../dist/index.js", import.meta.url);
const size = { k: 2, q: 3 };

// The thread runs the compiled file, which turbo builds before the tests.
it("a worker thread reads the same data and reports the same errors", async () => {
  expect(existsSync(fileURLToPath(built)), "build the package first").toBe(true);
  const episodes = (await import(built.href)) as typeof Episodes;
  const folder = await temporaryFolder(episodes.dataFolderFiles(dataSet(), {}));
  const apart = await episodes.readDataFolderInWorker(folder, size);
  expect(apart).toEqual(await episodes.readDataFolder(folder, size));
  expect(apart).toEqual(dataSet());
  writeFileSync(join(folder, "pairs", "pairs_train.parquet"), "PAR1");
  const errorOf = (reading: Promise<unknown>) =>
    reading.then(
      () => undefined,
      (error: unknown) => error as KshotError,
    );
  const [here, there] = [
    await errorOf(episodes.readDataFolder(folder, size)),
    await errorOf(episodes.readDataFolderInWorker(folder, size)),
  ];
  expect(KshotError.isInstance(there)).toBe(true);
  expect(there!.message).toBe(here!.message);
  expect(there!.code).toBe(here!.code);
});
