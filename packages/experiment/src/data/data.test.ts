import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { circumstances, recorded, temporaryFolder, tinyCampus } from "../../test/tiny.js";
import { campusOf, demoData, demoDirectory, isCampus, openTestPeople, readCampus } from "./index.js";

const folder = temporaryFolder();
let dataDir = "";
beforeAll(async () => {
  ({ dataDir } = await tinyCampus(folder));
});

it("a data folder says which campus it comes from", async () => {
  expect(await campusOf(dataDir)).toMatchObject({ users: 60, items: 40, dataSeed: 5 });
  expect(await isCampus(dataDir)).toBe(true);
  expect(await isCampus(folder)).toBe(false);
});

it("other data have no campus; a campus of another version is refused", async () => {
  const summary = join(dataDir, "summary.json");
  const text = readFileSync(summary, "utf8");
  const said = JSON.parse(text);
  writeFileSync(summary, JSON.stringify({ ...said, options: {} }));
  expect(await isCampus(dataDir)).toBe(false);
  await expect(campusOf(dataDir)).rejects.toThrow(/no options\.campus/);
  writeFileSync(summary, JSON.stringify({ ...said, options: { campus: { ...said.options.campus, version: 0 } } }));
  await expect(isCampus(dataDir)).rejects.toThrow(/a campus of version 0/);
  writeFileSync(summary, text);
  const campus = join(folder, "events", "campus.json");
  const old = join(folder, "old.json");
  writeFileSync(old, JSON.stringify({ ...JSON.parse(readFileSync(campus, "utf8")), version: 0 }));
  await expect(readCampus(old)).rejects.toThrow(/a campus of version 0/);
});

it("prepare keeps the count of evaluations of the test people, and counts no other data for them", async () => {
  const { data } = await tinyCampus(folder);
  const opening = { dataDir, data, circumstances: circumstances(), progress: () => {} };
  expect(await openTestPeople({ ...opening, id: "one" })).toBe(1);
  expect(await openTestPeople({ ...opening, id: "two" })).toBe(2);
  const again = await tinyCampus(folder);
  expect(again.data.fingerprint).toBe(data.fingerprint);
  expect(await openTestPeople({ ...opening, id: "three" })).toBe(3);
  expect(await openTestPeople({ ...opening, data: { fingerprint: "b".repeat(64) }, id: "other" })).toBe(1);
});

it.skipIf(process.getuid?.() === 0)(
  "a folder that cannot be written is reported, and the evaluation is counted in the results",
  async () => {
    const { data } = await tinyCampus(join(folder, "closed"));
    const closed = join(folder, "closed", "data");
    const { events, progress } = recorded();
    chmodSync(closed, 0o500);
    try {
      const opening = { dataDir: closed, data, circumstances: circumstances(), progress };
      expect(await openTestPeople({ ...opening, id: "one" })).toBe(1);
    } finally {
      chmodSync(closed, 0o700);
    }
    expect(events).toEqual([{ type: "note", text: expect.stringMatching(/is not counted: openings\.json/) }]);
  },
);

it("prepare replaces its own folder, and no other", async () => {
  const again = await tinyCampus(folder);
  expect(again.dataDir).toBe(dataDir);
  writeFileSync(join(dataDir, "summary.json"), "{}");
  await expect(tinyCampus(folder)).rejects.toThrow(/data/);
});

it.each([
  ["vocab/titles.json", (text: string) => text.replace('": "', '": "My ')],
  ["summary.json", (text: string) => text.replace(/"items": \d+/, '"items": 7')],
  ["pairs/pairs_val.parquet", (text: string) => `${text} `],
])("prepare does not replace a folder in which somebody edited %s, and names it", async (name, edit) => {
  const place = join(folder, "edited");
  const { dataDir: edited } = await tinyCampus(place);
  const file = join(edited, name);
  const [written, changed] = [readFileSync(file), edit(readFileSync(file, "latin1"))];
  expect(changed).not.toBe(written.toString("latin1"));
  writeFileSync(file, changed, "latin1");
  await expect(tinyCampus(place)).rejects.toMatchObject({
    code: "USAGE",
    message: expect.stringContaining(`changed since kshot wrote them: ${name}.`),
  });
  expect(readFileSync(file, "latin1")).toBe(changed);
  writeFileSync(file, written);
  await tinyCampus(place);
});

it("the demo's data are made once, by one of several, and kept", async () => {
  const sizes = { dataSeed: 3, k: 3, q: 4 };
  const all = [recorded(), recorded(), recorded(), recorded()];
  // Four at once in a new project: one creates the data, the others wait.
  const made = await Promise.all(all.map(({ progress }) => demoData(folder, sizes, progress)));
  const { directory } = made[0]!;
  const [told, ...more] = all.filter(({ events }) => events.some(({ type }) => type === "done")) as [(typeof all)[0]];
  expect(more).toEqual([]);
  for (const { events } of all.filter((one) => one !== told)) {
    expect(events).toMatchObject([{ text: expect.stringMatching(/^Waiting for/) }]);
  }
  expect(directory).toBe(demoDirectory(folder, sizes));
  expect(directory).toMatch(/-seed3-K3-Q4$/);
  expect(existsSync(join(directory, "summary.json"))).toBe(true);
  expect(told.events.flatMap((event) => (event.type === "done" ? [event.stage] : []))).toEqual([
    "Synthetic campus",
    "Preparing",
  ]);
  const again = recorded();
  await demoData(folder, sizes, again.progress);
  expect(again.events).toEqual([]);
});
