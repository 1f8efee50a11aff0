import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/tiny.js";
import { isSmallFolder } from "./small-folder.js";

const folder = temporaryFolder();

it("a folder is small until its pairs and episodes take more than half a mebibyte", async () => {
  expect(await isSmallFolder(join(folder, "none"))).toBe(true);
  for (const name of ["pairs/pairs_train.parquet", "episodes/episodes_val_K5_Q10.parquet"]) {
    mkdirSync(join(folder, name, ".."));
    writeFileSync(join(folder, name), "");
    truncateSync(join(folder, name), 256 * 1024);
  }
  expect(await isSmallFolder(folder)).toBe(true);
  truncateSync(join(folder, "pairs/pairs_train.parquet"), 256 * 1024 + 1);
  expect(await isSmallFolder(folder)).toBe(false);
});
