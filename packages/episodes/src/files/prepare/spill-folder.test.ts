import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openDatabase } from "./event-database.js";
import { spillFolder } from "./spill-folder.js";

const parent = mkdtempSync(join(tmpdir(), "kshot-spill-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

it("is its owner's alone, has a random name, and is removed with what is in it", () => {
  const [one, other] = [spillFolder(parent), spillFolder(parent)];
  expect(one.folder).not.toBe(other.folder);
  expect(dirname(one.folder)).toBe(parent);
  if (process.platform !== "win32") expect(statSync(one.folder).mode & 0o777).toBe(0o700);
  writeFileSync(join(one.folder, "spilled.tmp"), "events");
  const waiting = process.listenerCount("exit");
  one.remove();
  other.remove();
  expect([existsSync(one.folder), existsSync(other.folder)]).toEqual([false, false]);
  expect(process.listenerCount("exit")).toBe(waiting - 2);
});

it("old folders of processes that are no more are removed, others stay", () => {
  const made = (name: string, days: number) => {
    const folder = join(parent, name);
    mkdirSync(folder);
    writeFileSync(join(folder, "spilled.tmp"), "events");
    const then = new Date(Date.now() - days * 86_400_000);
    utimesSync(folder, then, then);
    return folder;
  };
  const noProcess = 2 ** 22 + 1;
  const [old, young, living, foreign] = [
    made(`kshot-duckdb-${noProcess}-abcdef`, 2),
    made(`kshot-duckdb-${noProcess}-ghijkl`, 0.5),
    made(`kshot-duckdb-${process.pid}-mnopqr`, 2),
    made("somebody-elses", 2),
  ];
  spillFolder(parent).remove();
  expect([old, young, living, foreign].map((folder) => existsSync(folder))).toEqual([false, true, true, true]);
});

it("is refused where no folder can be made, with the variable that helps", () => {
  expect(() => spillFolder(join(parent, "nowhere"))).toThrow(/nowhere: no temporary folder.*ENOENT.*TMPDIR/);
});

it("of a database is gone when it is closed", async () => {
  const { database, folder, close } = await openDatabase();
  const set = await database.runAndReadAll("SELECT current_setting('temp_directory')");
  expect(set.getRows()).toEqual([[folder]]);
  writeFileSync(join(folder, "spilled.tmp"), "events");
  close();
  expect(existsSync(folder)).toBe(false);
});
