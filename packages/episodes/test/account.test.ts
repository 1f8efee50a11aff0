import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dataFolderFiles,
  type PrepareOptions,
  prepareEventsWithAccount,
  readDataFolder,
  summarise,
} from "../src/index.js";
import { eventsFile, temporaryFolder, threePeople } from "./events.js";
import { temporaryFolder as folderOf } from "./temporary-folder.js";

const t = 1_600_000_000;
const auto = { timeUnit: undefined } as unknown as Partial<PrepareOptions>;

/** People u0 … with events every minute; some columns to filter by. */
function manyEvents(people = 20, perPerson = 12): string {
  const rows = ["user,item,time,rating,part,nr"];
  for (let u = 0; u < people; u++) {
    for (let e = 0; e < perPerson - (u % 4); e++) {
      const part = u < people / 2 ? "train" : u < (3 * people) / 4 ? "valid" : "TEST";
      rows.push(`u${u},i${(u * e * e + e) % 9},${t + u * 86_400 + e * 60},${1 + (e % 5)},${part},${perPerson - e}`);
    }
  }
  return `${rows.join("\n")}\n`;
}

const shares = { split: [0.5, 0.25, 0.25] } as const;

describe("the account of the rows", () => {
  it("gives each row one fate, with the first example of each", async () => {
    const rows = [
      ["a", t],
      ["a", t + 10],
      ["b", t + 20],
      ["c", t + 20],
      ["d", t + 9000],
      ["e", t + 20_000],
      ["f", t + 20_060],
    ] as const;
    const text = `${threePeople(rows)},x,${t}\ns,,${t}\ns,x,soon\ns,x\ns,x,${t}\n`;
    const { rows: account, served } = await prepareEventsWithAccount(eventsFile(text, { skipBad: 4 }));
    expect(account).toEqual({
      read: 26,
      files: [{ file: "events.csv", read: 26 }],
      pairs: { kept: 6, possible: 9 },
      sessionStarts: 6,
      dropped: {
        noUser: { count: 1, first: { file: "events.csv", row: 21 } },
        noItem: { count: 1, first: { file: "events.csv", row: 22 } },
        noTime: { count: 1, first: { file: "events.csv", row: 23 } },
        badRow: { count: 1, first: { file: "events.csv", row: 24 } },
        filtered: { count: 0 },
        repeat: { count: 3, first: { file: "events.csv", row: 1 } },
        tiedTime: { count: 3, first: { file: "events.csv", row: 3 } },
        sessionOfOne: { count: 4, first: { file: "events.csv", row: 4 } },
      },
      // "s" has one event left.
      peopleWithoutPair: { count: 1, first: { file: "events.csv", row: 25 } },
    });
    expect(served).toEqual([{ k: 1, q: 1, people: 3 }]);
  });

  it("counts rows per file, by names without the folders they share", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "deep"));
    writeFileSync(join(folder, "deep", "a.csv"), threePeople([["a", t]]));
    writeFileSync(
      join(folder, "b.csv"),
      threePeople([
        ["b", t + 1],
        ["c", t + 2],
      ]),
    );
    const inputs = [join(folder, "deep", "a.csv"), join(folder, "b.csv")];
    const { rows } = await prepareEventsWithAccount(eventsFile("", { inputs }));
    expect(rows.files).toEqual([
      { file: "deep/a.csv", read: 3 },
      { file: "b.csv", read: 6 },
    ]);
  });

  it("adds up for all events, and pairs are those of the splits", async () => {
    const event = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(6), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), async (list) => {
        const sure = ["p", "q", "r"].flatMap((u) => [0, 1, 2].map((e) => `${u},i${e},${t + e}`));
        const rows = list.map(([u, i, time, bad]) => `u${u},i${i},${bad ? "" : t + time * 700}`);
        const text = `user,item,time\n${[...rows, ...sure].join("\n")}\n`;
        const { rows: account, data } = await prepareEventsWithAccount(
          eventsFile(text, { skipBad: 99, split: [1, 0, 0] }),
        ).catch((error) => {
          throw new Error(`${error.message}\n${text}`);
        });
        const dropped = Object.values(account.dropped).reduce((sum, { count }) => sum + count, 0);
        expect(account.read).toBe(list.length + 9);
        expect(account.read).toBe(dropped + account.sessionStarts + account.pairs.kept);
        expect(account.pairs.kept).toBe(data.train.pairs.length);
        expect(account.pairs.possible - account.pairs.kept).toBe(account.dropped.tiedTime.count);
      }),
      { numRuns: 40 },
    );
  });

  it("is part of summary.json and is read back with the data", async () => {
    const { data, notes, warnings, numberForm, ...account } = await prepareEventsWithAccount(
      eventsFile(manyEvents(), { ...shares, k: 2, q: 3 }),
    );
    expect([notes, warnings, numberForm]).toEqual([[], [], null]);
    const folder = await folderOf(dataFolderFiles(data, {}, account));
    const { rows, served } = account;
    expect(await readDataFolder(folder, { k: 2, q: 3 })).toEqual({ ...data, account: { rows, served } });
    expect(summarise(data, {}, account)).toMatchObject({ rows, served });
  });

  it("warns where more than 5 % of the possible pairs are lost to tied times, and not below", async () => {
    const rows = (ties: number) => Array.from({ length: 40 }, (_, i) => [`i${i}`, t + (i <= ties ? 0 : i)] as const);
    const warned = async (ties: number, options = {}) =>
      (await prepareEventsWithAccount(eventsFile(threePeople(rows(ties)), options))).warnings;
    expect(await warned(1)).toEqual([]);
    expect((await warned(2))[0]).toMatch(/^6 of 117 possible pairs \(5\.1 %\) are lost.*--ties keep --order COLUMN/);
    expect(await warned(2, { ties: "keep" })).toEqual([]);
  });
});

describe("times", () => {
  it("order below a second makes pairs; labels keep their fraction, label_ts_epoch whole seconds", async () => {
    const text = `user,item,time\n${["a", "b", "c"].map((u) => `${u},x,1000200\n${u},y,1000700\n${u},z,1000950\n`).join("")}`;
    const { data } = await prepareEventsWithAccount(eventsFile(text, { timeUnit: "ms" }));
    const { pairs } = data.train;
    expect([...pairs.labelTime]).toEqual([1000.7, 1000.95]);
    const folder = await folderOf(dataFolderFiles(data, {}));
    const read = await readDataFolder(folder, { k: 1, q: 1 });
    expect(read).toEqual(data);
    expect([...read.train.episodes.supportMaxTime]).toEqual([1000.7]);
  });

  it("two clicks of one second are one pair", async () => {
    const text = `user,item,time\n${["a", "b", "c"].map((u) => `${u},x,1000200\n${u},y,1000700\n${u},z,9000000\n${u},w,9000001\n`).join("")}`;
    const { rows } = await prepareEventsWithAccount(eventsFile(text, { timeUnit: "ms" }));
    expect(rows.pairs).toEqual({ kept: 6, possible: 6 });
  });

  it("that tie make pairs in the order of the rows, or of a column, when they are kept", async () => {
    const rows = ["b", "c", "a", "d"].map((item, nr) => [item, nr] as const);
    const text = `user,item,time,nr\n${["p", "q", "r"].flatMap((u) => rows.map(([i, nr]) => `${u},${i},2020-01-01,${20 - 6 * nr}`)).join("\n")}\n`;
    const labels = async (options: Partial<PrepareOptions>) => {
      const { data } = await prepareEventsWithAccount(eventsFile(text, options));
      const folder = await folderOf(dataFolderFiles(data, {}));
      expect(await readDataFolder(folder, { k: 1, q: 1 })).toEqual(data);
      return Array.from(data.train.pairs.label, (item) => data.items[item]).join("");
    };
    expect(await labels({ ties: "keep" })).toBe("cad");
    const columns = { user: "user", item: "item", time: "time", order: "nr" };
    expect(await labels({ ties: "keep", columns })).toBe("acb");
    await expect(prepareEventsWithAccount(eventsFile(text))).rejects.toThrow(/--ties keep/);
  });

  it.each([
    ["1600000000", "s"],
    ["874724710", "s"],
    ["1600000000000", "ms"],
    ["1600000000000000", "us"],
    ["1600000000000000000", "ns"],
    ["20200913", "yyyymmdd"],
    ["20200913122640", "yyyymmddhhmmss"],
  ])("%s is read as %s", async (time, form) => {
    const later = (by: number) => String(BigInt(time) + BigInt(by));
    const rows = ["p", "q", "r"].flatMap((u) => [0, 1, 2].map((e) => `${u},i${e},${later(e)}`));
    const options = { ...auto, ties: "keep", sessionGap: null } as Partial<PrepareOptions>;
    const { numberForm, data } = await prepareEventsWithAccount(
      eventsFile(`user,item,time\n${rows.join("\n")}\n`, options),
    );
    expect(numberForm).toBe(form);
    const year = new Date(data.train.pairs.labelTime[0]! * 1000).getUTCFullYear();
    expect([1997, 2020]).toContain(year);
  });

  it("a number in another unit than the others: no flag is named that would make the others wrong", async () => {
    const rows = [1600000000, 1600000060, 1600000120180, 1600000240, 1600000300].map(
      (time, i) => `u${i % 2},i${i},${time}`,
    );
    const prepared = prepareEventsWithAccount(eventsFile(`user,item,time\n${rows.join("\n")}\n`, auto));
    await expect(prepared).rejects.toThrow(/1600000120180, where most numbers are seconds/);
    await expect(prepared).rejects.toThrow(/Write all times in one unit/);
    await expect(prepared).rejects.not.toThrow(/--time-unit/);
  });

  it.each(["0", "43000", "-5", "100000000", "2017062000", "201706200033", "12345678", "5e9"])(
    "%s is refused without a unit, and no hint leads to another time than 1980 to 2033",
    async (time) => {
      const rows = ["p", "q", "r"].flatMap((u) => [0, 1].map((e) => `${u},i${e},${Number(time) + e}`));
      const error: Error = await prepareEventsWithAccount(
        eventsFile(`user,item,time\n${rows.join("\n")}\n`, auto),
      ).then(
        () => expect.fail("it was read"),
        (caught) => caught,
      );
      expect(error.message).toMatch(/--time-(unit|format)/);
      for (const [, unit] of error.message.matchAll(/Say which with --time-unit (\w+)/g)) {
        const seconds = Number(time) / { s: 1, ms: 1e3, us: 1e6, ns: 1e9 }[unit as "s"]!;
        expect(new Date(seconds * 1000).getUTCFullYear()).toSatisfy((year: number) => year >= 1980 && year < 2034);
      }
    },
  );
});

describe("filters", () => {
  it.each([
    ["rating >= 4", ([, , , rating]: string[]) => Number(rating) >= 4],
    ["part = 'train' OR nr % 2 = 0", ([, , , , part, nr]: string[]) => part === "train" || Number(nr) % 2 === 0],
    ["RATING BETWEEN 2 AND 5 AND item <> 'i3'", ([, item, , r]: string[]) => Number(r) >= 2 && item !== "i3"],
    [
      "lower(part) LIKE 't%' AND NOT rating IN (1, 5)",
      ([, , , r, part]: string[]) => /^t/i.test(part!) && !["1", "5"].includes(r!),
    ],
    [`CAST("time" AS BIGINT) < ${t + 5 * 86_400}`, ([, , time]: string[]) => Number(time) < t + 5 * 86_400],
  ])("--where %s keeps what it says", async (where, keeps) => {
    const text = manyEvents();
    const rows = text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const { rows: account } = await prepareEventsWithAccount(eventsFile(text, { ...shares, where, split: [1, 0, 0] }));
    expect(account.dropped.filtered.count).toBe(rows.filter((row) => !keeps(row)).length);
    expect(account.dropped.filtered.first?.row).toBe(rows.findIndex((row) => !keeps(row)));
  });

  it("the k-core leaves people and items that all have enough, and is the largest such part", async () => {
    const event = fc.tuple(fc.nat(5), fc.nat(5));
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 40 }),
        fc.integer({ min: 1, max: 4 }),
        async (list, least) => {
          // Three people who share their items: nothing removes them.
          const sure = ["p", "q", "r"].flatMap((u) => [0, 1, 2, 3].map((e) => [u, `s${e}`] as const));
          const all = [...list.map(([u, i]) => [`u${u}`, `i${i}`] as const), ...sure];
          const text = `user,item,time\n${all.map(([u, i], at) => `${u},${i},${t + at}`).join("\n")}\n`;
          const core = (least: number) => {
            let left = all as readonly (readonly [string, string])[];
            for (;;) {
              const count = (at: 0 | 1, name: string) => left.filter((row) => row[at] === name).length;
              const next = left.filter(([u, i]) => count(0, u) >= least && count(1, i) >= Math.min(3, least));
              if (next.length === left.length) return left;
              left = next;
            }
          };
          const options = { minEventsPerUser: least, minEventsPerItem: Math.min(3, least), split: [1, 0, 0] as const };
          const { rows, data } = await prepareEventsWithAccount(eventsFile(text, options));
          expect(rows.dropped.filtered.count).toBe(all.length - core(least).length);
          expect(new Set(data.items)).toEqual(new Set(core(least).map(([, item]) => item)));
        },
      ),
      { numRuns: 30 },
    );
  });

  it("--top-items keeps the most frequent ones", async () => {
    const rows = ["p", "q", "r"].flatMap((u) =>
      ["a", "b", "c", "a", "b", "d", "a"].map((i, e) => `${u},${i},${t + e}`),
    );
    const { data, rows: account } = await prepareEventsWithAccount(
      eventsFile(`user,item,time\n${rows.join("\n")}\n`, { topItems: 3 }),
    );
    // c and d are equal: the first in byte order is kept.
    expect(data.items).toEqual(["a", "b", "c"]);
    expect(account.dropped.filtered).toEqual({ count: 3, first: { file: "events.csv", row: 5 } });
  });
});

describe("splits", () => {
  it("by time: no person of test has an earlier event, no split holds a later one, and what falls between is counted", async () => {
    // People begin one after the other and have long histories, so many events fall between the splits.
    const rows = Array.from({ length: 40 }, (_, u) =>
      Array.from({ length: 10 }, (_, e) => `u${u},i${(u + e) % 7},${t + u * 1000 + e * 400}`),
    ).flat();
    const {
      data,
      between,
      rows: account,
    } = await prepareEventsWithAccount(
      eventsFile(`user,item,time\n${rows.join("\n")}\n`, { splitTime: [0.6, 0.2, 0.2] }),
    );
    const [first, second] = between!.moments;
    const times = rows.map((row) => Number(row.split(",")[2])).sort((a, b) => a - b);
    expect([first, second]).toEqual([times[240], times[320]]);
    expect(Math.max(...data.train.pairs.labelTime)).toBeLessThan(first);
    expect(Math.min(...data.val.pairs.labelTime)).toBeGreaterThanOrEqual(first);
    expect(Math.max(...data.val.pairs.labelTime)).toBeLessThan(second);
    expect(Math.min(...data.test.pairs.labelTime)).toBeGreaterThan(second);
    const cut = rows.filter((row) => {
      const [user, , time] = row.split(",");
      const start = t + Number(user!.slice(1)) * 1000;
      const end = start < first ? first : start < second ? second : Number.POSITIVE_INFINITY;
      return Number(time) >= end;
    });
    expect(between).toMatchObject({ events: cut.length, people: new Set(cut.map((row) => row.split(",")[0])).size });
    expect(account.dropped.filtered.count).toBe(cut.length);
  });

  it("as a column says", async () => {
    const columns = { user: "user", item: "item", time: "time", split: "part" };
    const { data } = await prepareEventsWithAccount(eventsFile(manyEvents(), { columns }));
    const names = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `u${from + i}`).sort();
    expect([...data.train.pairs.users].sort()).toEqual(names(0, 10));
    expect([...data.val.pairs.users].sort()).toEqual(names(10, 15));
    expect([...data.test.pairs.users].sort()).toEqual(names(15, 20));
  });

  it("everyone in train, and the folder can be read", async () => {
    const split = [1, 0, 0] as const;
    const { data } = await prepareEventsWithAccount(eventsFile(manyEvents(), { split }));
    expect(data.train.pairs.users).toHaveLength(20);
    const folder = await folderOf(dataFolderFiles(data, { split }));
    expect(await readDataFolder(folder, { k: 1, q: 1 })).toEqual(data);
    const unsaid = await folderOf(dataFolderFiles(data, {}));
    await expect(readDataFolder(unsaid, { k: 1, q: 1 })).rejects.toThrow(/no pairs/);
  });
});
