import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/tiny.js";
import { neededForPreparing } from "./needed-for-preparing.js";
import { preparingInWords, requirePreparing } from "./require-preparing.js";

const folder = temporaryFolder();
const all = { filtered: false };

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const rows = (n: number) =>
  `user,item,time\n${Array.from({ length: n }, (_, i) => `u${i % 97},i${i % 13},${i}`).join("\n")}\n`;

// Measured, resident megabytes and those of the data folder by number of events; see needed-for-preparing.ts.
it.each([
  [646_082, 362, 8.6],
  [3_223_028, 667, 34],
  [12_871_241, 1444, 126],
])("%i events need about %i MB of memory and %i MB of disk", async (events, memory, disk) => {
  // Rows of eleven bytes at the start of a file of that length, which takes no more space on the disk.
  const path = file("length.csv", "u,i,123456\n".repeat(100_000));
  truncateSync(path, 11 * events);
  const needed = await neededForPreparing([path], all);
  expect(needed.events / events).toBeCloseTo(1, 3);
  // An estimate for people: a third more or less.
  expect(Math.abs(needed.memory / 1e6 / memory - 1)).toBeLessThan(1 / 3);
  expect(Math.abs(needed.disk / 1e6 / disk - 1)).toBeLessThan(1 / 3);
  expect(needed.leastMemory).toBeLessThan(needed.memory);
  expect(needed.leastDisk).toBeLessThan(needed.disk);
});

it("counts the events of small text files, and estimates those of large and compressed ones", async () => {
  const small = await neededForPreparing([file("small.csv", rows(1000))], all);
  // The header is a line too.
  expect([small.events, small.leastMemory]).toEqual([1001, 16 * 1000]);
  const large = await neededForPreparing([file("large.csv", rows(200_000))], all);
  expect(Math.abs(large.events / 200_000 - 1)).toBeLessThan(0.1);
  const packed = await neededForPreparing([file("large.csv.gz", gzipSync(rows(200_000)))], all);
  expect(packed.events).toBeGreaterThan(200_000 / 5);
  expect(packed.events).toBeLessThan(200_000 * 5);
  expect(packed.leastMemory / 16).toBeLessThan(200_000);
});

it("is certain of nothing for filtered events, a file in one line, and no file", async () => {
  const csv = file("filtered.csv", rows(1000));
  expect(await neededForPreparing([csv], { filtered: true })).toMatchObject({
    events: 1001,
    leastMemory: 0,
    leastDisk: 0,
  });
  const line = await neededForPreparing([file("line.json", JSON.stringify([{ user: "a" }]))], all);
  expect(line).toMatchObject({ leastMemory: 0, leastDisk: 0 });
  expect(await neededForPreparing([join(folder, "none.csv"), folder], all)).toMatchObject({ events: 0, disk: 0 });
});

it("refuses what does not fit, and says how much it is", async () => {
  const needed = { events: 12_345_678, memory: 1.5e9, disk: 1.5e8, leastMemory: 2e8, leastDisk: 2.5e7 };
  expect(preparingInWords(needed)).toBe(
    "The files have about 12,000,000 events: about 1.5 GB of memory and 150 MB of disk are needed.",
  );
  const machine = { memory: 2e8, disk: 2.5e7 };
  expect(() => requirePreparing(needed, machine, "d")).not.toThrow();
  expect(() => requirePreparing(needed, { ...machine, disk: undefined }, "d")).not.toThrow();
  const refused = (message: RegExp) =>
    expect.objectContaining({ code: "FAILED", message: expect.stringMatching(message) });
  expect(() => requirePreparing(needed, { ...machine, memory: 1.9e8 }, "d")).toThrow(
    refused(/Memory for prepare: at least 200 MB are needed for about 12,000,000 events\. Expected at most 190 MB/),
  );
  expect(() => requirePreparing(needed, { ...machine, disk: 1e7 }, "d")).toThrow(
    refused(/^d: at least 25 MB are needed for about 12,000,000 events\. Expected at most 10 MB, what is free/),
  );
});
