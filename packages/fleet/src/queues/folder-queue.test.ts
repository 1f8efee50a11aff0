import { readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/tiny-suite.js";
import { cellFolder } from "../plan/cell-files.js";
import { folderQueue } from "./folder-queue.js";

const folder = temporaryFolder();
const lease = 60;

/** As if the holder of a cell had not renewed it for some seconds. */
function age(directory: string, cell: number, seconds: number): void {
  const time = Date.now() / 1000 - seconds;
  for (const name of readdirSync(cellFolder(directory, cell)))
    utimesSync(join(cellFolder(directory, cell), name), time, time);
}

it("each free cell goes to one worker; a returned one is offered again", async () => {
  const directory = join(folder, "free");
  const [one, other] = [folderQueue(directory, lease), folderQueue(directory, lease)];
  const first = await one.claim([0, 1]);
  const second = await other.claim([0, 1]);
  expect([first?.cell, second?.cell]).toEqual([0, 1]);
  expect([await one.claim([0, 1]), await other.claim([0, 1])]).toEqual([null, null]);
  await one.fail(first!);
  expect((await other.claim([0, 1]))?.cell).toBe(0);
  await other.done(second!);
  expect((await one.claim([0, 1]))?.cell).toBe(1);
});

it("an abandoned cell goes to one of two workers; the earlier holder loses its claim and cannot end the new one", async () => {
  const directory = join(folder, "abandoned");
  const [one, ...others] = Array.from({ length: 3 }, () => folderQueue(directory, lease));
  const lost = await one!.claim([3]);
  age(directory, 3, lease - 5);
  expect(await others[0]!.claim([3])).toBeNull();
  expect(await one!.renew(lost!)).toBe(true);
  age(directory, 3, lease + 5);
  const taken = await Promise.all(others.map((queue) => queue.claim([3])));
  const winner = taken.findIndex((claim) => claim !== null);
  expect(taken.filter((claim) => claim !== null)).toHaveLength(1);
  expect(await one!.renew(lost!)).toBe(false);
  await one!.fail(lost!);
  expect(await others[winner]!.renew(taken[winner]!)).toBe(true);
  expect(await folderQueue(directory, lease).claim([3])).toBeNull();
});
