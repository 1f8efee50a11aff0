import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { episodeSize } from "./episode-sizes.js";

function folder(...sizes: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), "kshot-sizes-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, "episodes"));
  for (const size of sizes) {
    for (const split of ["train", "val", "val_first"]) {
      writeFileSync(join(directory, "episodes", `episodes_${split}_${size}.parquet`), "");
    }
  }
  return directory;
}

it.each([
  ["the only size", ["K3_Q6"], {}, { k: 3, q: 6 }],
  ["K = 5, Q = 10 among several", ["K3_Q6", "K5_Q10"], {}, { k: 5, q: 10 }],
  ["the one with the K asked for", ["K3_Q6", "K5_Q10"], { k: 3 }, { k: 3, q: 6 }],
  ["the one with the Q asked for", ["K3_Q6", "K5_Q10"], { q: 10 }, { k: 5, q: 10 }],
  ["what is asked for in full", ["K3_Q6"], { k: 2, q: 2 }, { k: 2, q: 2 }],
  ["another K with the folder's Q", ["K3_Q6"], { k: 4 }, { k: 4, q: 6 }],
  ["another Q with the folder's K", ["K3_Q6"], { q: 2 }, { k: 3, q: 2 }],
  ["another K with the Q that all have", ["K3_Q6", "K5_Q6"], { k: 4 }, { k: 4, q: 6 }],
  ["another K alone where sizes have no common Q", ["K3_Q6", "K5_Q10"], { k: 4 }, { k: 4 }],
  ["nothing where there are no episodes", [], {}, {}],
])("takes %s", async (_, sizes, asked, expected) => {
  expect(await episodeSize(folder(...sizes), asked)).toEqual(expected);
});

it("refuses where several sizes fit, and ignores a missing folder", async () => {
  await expect(episodeSize(folder("K3_Q6", "K3_Q12"), { k: 3 })).rejects.toThrow(
    /episodes of several sizes, K = 3 with Q = 6, K = 3 with Q = 12\. Expected one of them, by --k and --q/,
  );
  expect(await episodeSize("/nowhere", {})).toEqual({});
});
