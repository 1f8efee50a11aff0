import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Journal } from "./journal.js";

const folder = mkdtempSync(join(tmpdir(), "kshot-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fresh = () => join(folder, `${count++}.unfinished`);

const asIs = (text: string) => text;
async function entriesOf(path: string, title = "work", take: (text: string) => string | undefined = asIs) {
  const journal = await Journal.open(path, title);
  const entries: string[] = [];
  for (let text = await journal.read(take); text !== undefined; text = await journal.read(take)) entries.push(text);
  return { entries, journal };
}
async function written(...entries: string[]): Promise<string> {
  const path = fresh();
  const journal = await Journal.open(path, "work");
  for (const entry of entries) await journal.append(entry);
  await journal.close();
  return path;
}

it("is made by the first entry, read in order, continued, and removed", async () => {
  const path = fresh();
  const first = await Journal.open(path, "work");
  expect(await first.read(asIs)).toBeUndefined();
  expect(existsSync(path)).toBe(false);
  const large = "ä".repeat(1_500_000);
  await first.append("one");
  await first.append(large);
  await first.close();
  const { entries, journal } = await entriesOf(path);
  expect(entries).toEqual(["one", large]);
  await journal.append("three");
  await journal.close();
  const again = await entriesOf(path);
  expect(again.entries).toEqual(["one", large, "three"]);
  await again.journal.remove();
  expect(existsSync(path)).toBe(false);
});

it("cut at any byte: the whole entries before the cut, and the next entry follows them", async () => {
  const whole = readFileSync(await written("one", "two", "three"));
  const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
  for (let bytes = 0; bytes < whole.length; bytes++) {
    const path = fresh();
    writeFileSync(path, whole);
    truncateSync(path, bytes);
    const before = ["one", "two", "three"].slice(0, ends.slice(1).filter((end) => end <= bytes).length);
    const { entries, journal } = await entriesOf(path);
    expect(entries, `${bytes} bytes`).toEqual(before);
    await journal.append("more");
    await journal.close();
    const again = await entriesOf(path);
    expect(again.entries, `${bytes} bytes`).toEqual([...before, "more"]);
    await again.journal.close();
  }
});

it("an entry that does not fit, and all after it, are replaced, as is a journal with another title", async () => {
  const path = await written("one", "two", "three");
  const { entries, journal } = await entriesOf(path, "work", (text) => (text === "two" ? undefined : text));
  expect(entries).toEqual(["one"]);
  await journal.append("2");
  await journal.close();
  const again = await entriesOf(path);
  expect(again.entries).toEqual(["one", "2"]);
  await again.journal.close();
  const other = await entriesOf(path, "other work");
  expect(other.entries).toEqual([]);
  await other.journal.append("first");
  await other.journal.close();
  const last = await entriesOf(path, "other work");
  expect(last.entries).toEqual(["first"]);
  await last.journal.close();
});

it("a changed byte ends the reading; a file of another program is refused and stays", async () => {
  const path = await written("one", "two");
  writeFileSync(path, readFileSync(path, "utf8").replace(" two", " tvo"));
  const { entries, journal } = await entriesOf(path);
  expect(entries).toEqual(["one"]);
  await journal.close();
  const foreign = fresh();
  appendFileSync(foreign, "notes of a person\n");
  await expect(Journal.open(foreign, "work")).rejects.toThrow(/a file that kshot did not write/);
  expect(readFileSync(foreign, "utf8")).toBe("notes of a person\n");
});
