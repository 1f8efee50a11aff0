import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DataSet, PairTable } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { prepareEvents, prepareEventsWithAccount } from "../src/index.js";
import { eventsFile, temporaryFolder, threePeople } from "./events.js";

/** A person's pairs as `prefix>label@time`. */
function pairsOf(data: DataSet, table: PairTable, user?: string): string[] {
  const found: string[] = [];
  for (let row = 0; row < table.length; row++) {
    if (user !== undefined && table.users[table.user[row]!] !== user) continue;
    const prefix = table.prefixItems.subarray(table.prefixOffsets[row], table.prefixOffsets[row + 1]);
    found.push(
      `${Array.from(prefix, (item) => data.items[item]).join("")}>${data.items[table.label[row]!]}@${table.labelTime[row]}`,
    );
  }
  return found;
}

/** The pairs of one of three equal people. */
async function protocol(rows: readonly (readonly [string, number | string])[], options = {}): Promise<string[]> {
  const data = await prepareEvents(eventsFile(threePeople(rows), options));
  return pairsOf(data, data.train.pairs);
}

describe("the protocol from events to pairs", () => {
  it("orders by time, and by file order where times are equal", async () => {
    const pairs = await protocol([
      ["b", 20],
      ["a", 10],
      ["c", 30],
      ["d", 40],
    ]);
    expect(pairs).toEqual(["a>b@20", "ab>c@30", "abc>d@40"]);
  });

  it("makes a pair only if the label is strictly later than its whole prefix", async () => {
    const pairs = await protocol([
      ["a", 10],
      ["b", 20],
      ["c", 20],
      ["d", 30],
      ["e", 40],
    ]);
    expect(pairs).toEqual(["a>b@20", "abc>d@30", "abcd>e@40"]);
  });

  it("drops consecutive repeats and keeps the first, revisits later stay", async () => {
    const pairs = await protocol([
      ["a", 10],
      ["b", 20],
      ["b", 30],
      ["b", 40],
      ["a", 50],
    ]);
    expect(pairs).toEqual(["a>b@20", "ab>a@50"]);
  });

  it("ends a session after more than the gap, not at it", async () => {
    const pairs = await protocol([
      ["a", 0],
      ["b", 1800],
      ["c", 3601],
      ["d", 3700],
      ["e", 3800],
    ]);
    expect(pairs).toEqual(["a>b@1800", "c>d@3700", "cd>e@3800"]);
  });

  it("takes a whole history as one session with no gap, and sessions as given with a column", async () => {
    expect(
      await protocol(
        [
          ["a", 0],
          ["b", 9e6],
          ["c", 9.9e7],
        ],
        { sessionGap: null },
      ),
    ).toEqual(["a>b@9000000", "ab>c@99000000"]);
    const rows = [
      ["a", 1, "x"],
      ["b", 2, "x"],
      ["c", 3, "y"],
      ["d", 4, "y"],
      ["e", 5, "y"],
    ];
    const text = `user,item,time,visit\n${["p", "q", "r"].flatMap((u) => rows.map((row) => [u, ...row].join(","))).join("\n")}\n`;
    const data = await prepareEvents(
      eventsFile(text, { columns: { user: "user", item: "item", time: "time", session: "visit" } }),
    );
    expect(pairsOf(data, data.train.pairs)).toEqual(["a>b@2", "c>d@4", "cd>e@5"]);
  });

  it("cuts prefixes to their last items, keeps all at 0", async () => {
    const rows = [
      ["a", 1],
      ["b", 2],
      ["c", 3],
      ["d", 4],
    ] as const;
    expect(await protocol(rows, { maxPrefix: 2 })).toEqual(["a>b@2", "ab>c@3", "bc>d@4"]);
    expect(await protocol(rows, { maxPrefix: 0 })).toEqual(["a>b@2", "ab>c@3", "abc>d@4"]);
  });

  it("reads text in UTC, with and without a zone, as well as epoch seconds", async () => {
    const pairs = await protocol([
      ["a", "2020-01-01 00:00:00"],
      ["b", "2020-01-01T00:01:00Z"],
      ["c", "2020-01-01 02:02:00+02:00"],
      ["d", "2019-12-31 18:33:00-0530"],
      ["e", "1577837040"],
    ]);
    expect(pairs.map((pair) => pair.split("@")[1])).toEqual(["1577836860", "1577836920", "1577836980", "1577837040"]);
  });

  it("reads quoted fields with commas and CRLF line ends, and several files as one", async () => {
    const folder = temporaryFolder();
    const lines = (item: string, time: number) => ["p", "q", "r"].map((u) => `${u},"${item}",${time}\r\n`).join("");
    writeFileSync(join(folder, "1.csv"), `user,item,time\r\n${lines("x, y", 10)}`);
    writeFileSync(join(folder, "2.csv"), `user,item,time\r\n${lines("b", 20)}${lines("c", 30)}`);
    const data = await prepareEvents(eventsFile("", { inputs: [join(folder, "1.csv"), join(folder, "2.csv")] }));
    expect(data.items).toEqual(["b", "c", "x, y"]);
    expect(pairsOf(data, data.train.pairs)).toEqual(["x, y>b@20", "x, yb>c@30"]);
  });

  it("numbers items in byte order of their names and reads titles", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "t.csv"), 'id,name\nB,"The B"\na,"A, or ""a"""\n');
    const options = eventsFile(
      threePeople([
        ["a", 1],
        ["B", 2],
        ["é", 3],
        ["Z", 4],
      ]),
      {
        titles: { file: join(folder, "t.csv"), id: "id", name: "name" },
      },
    );
    const data = await prepareEvents(options);
    expect(data.items).toEqual(["B", "Z", "a", "é"]);
    expect(data.titles).toEqual(["The B", "Z", 'A, or "a"', "é"]);
    writeFileSync(join(folder, "t.csv"), "id,name\nB.0,The B\n");
    const { warnings } = await prepareEventsWithAccount(options);
    expect(warnings.join()).toMatch(/No item is in column id of .*t\.csv/);
  });
});

describe("split and windows", () => {
  const many = Array.from({ length: 23 }, (_, u) =>
    Array.from({ length: 9 }, (_, e) => `u${u},i${(u + e * e) % 7},${u * 1000 + e * 10}`).join("\n"),
  ).join("\n");
  const text = `user,item,time\n${many}\n`;
  const options = (dataSeed: number) => eventsFile(text, { split: [0.6, 0.2, 0.2], k: 2, q: 3, dataSeed });

  it("gives ⌊n·share⌋ people to train and validation, the rest to test, no person twice, by the seed", async () => {
    const [a, b, c] = [
      await prepareEvents(options(5)),
      await prepareEvents(options(5)),
      await prepareEvents(options(6)),
    ];
    const people = [a.train.pairs.users, a.val.pairs.users, a.test.pairs.users];
    expect(people.map((users) => users.length)).toEqual([13, 4, 6]);
    expect(new Set(people.flat()).size).toBe(23);
    expect(b.fingerprint).toBe(a.fingerprint);
    expect(c.val.pairs.users).not.toEqual(a.val.pairs.users);
  });

  it("cuts train into every window of K + Q pairs, validation and test into the first and the last", async () => {
    const data = await prepareEvents(options(5));
    const perPerson = (table: PairTable, user: number) => table.user.filter((u) => u === user).length;
    const sliding = data.train.pairs.users.reduce(
      (sum, _, u) => sum + Math.max(0, perPerson(data.train.pairs, u) - 4),
      0,
    );
    expect(data.train.episodes.length).toBe(sliding);
    const { pairs, windows } = data.test;
    for (let e = 0; e < windows.first.length; e++) {
      const own = Array.from({ length: pairs.length }, (_, row) => row).filter(
        (row) => pairs.user[row] === windows.first.user[e],
      );
      expect([...windows.first.support.subarray(2 * e, 2 * e + 2)]).toEqual(own.slice(0, 2));
      expect([...windows.first.query.subarray(3 * e, 3 * e + 3)]).toEqual(own.slice(2, 5));
      expect([...windows.last.support.subarray(2 * e, 2 * e + 2)]).toEqual(own.slice(-5, -3));
      expect([...windows.last.query.subarray(3 * e, 3 * e + 3)]).toEqual(own.slice(-3));
    }
  });
});

describe("bad events", () => {
  const header = "user,item,time\n";
  it.each([
    ["no such file", { inputs: ["/nowhere/events.csv"] }, header, [/nowhere\/events\.csv: no such file/]],
    [
      "missing column",
      { columns: { user: "usr", item: "item", time: "time" } },
      header,
      [/no column "usr"/, /user, item, time/, /Did you mean "user"/],
    ],
    ["a time that does not parse", {}, `${header}p,a,1\np,b,soon\n`, [/column time, row 1: "soon"/]],
    ["no time", {}, `${header}p,a,1\np,b,\n`, [/column time, row 1: nothing/]],
    ["an event without a person", {}, `${header}p,a,1\n,b,2\n`, [/column user, row 1: nothing/]],
    ["no item", {}, `${header}p,,1\n`, [/column item, row 0: nothing/]],
    [
      "an event of no session, where others have one",
      { columns: { user: "user", item: "item", time: "time", session: "visit" } },
      "user,item,time,visit\np,a,1,v\np,b,2,\n",
      [/column visit, row 1: nothing/, /leave out --session/],
    ],
    ["milliseconds", {}, `${header}p,a,1577836800000\n`, [/row 0: "1577836800000"/, /--time-unit ms/]],
    ["no events", {}, header, [/no events/]],
    [
      "no person with K + Q pairs",
      { k: 5, q: 10 },
      `${header}p,a,1\np,b,2\np,c,3\n`,
      [/15 pairs/, /of 1 people: 1 with 1 or more, 1 with 2, the most/],
    ],
    [
      "a split without episodes",
      {},
      `${header}p,a,1\np,b,2\np,c,3\n`,
      [/the train split has no episode: 0 of its 0 people have 2 pairs/, /1 of all 1 have/],
    ],
  ] as const)("%s", async (_, options, text, says) => {
    const error: Error = await prepareEvents(eventsFile(text, options)).then(
      () => expect.fail("no error"),
      (caught) => caught,
    );
    expect(error).toMatchObject({ code: "DATA" });
    for (const words of says) expect(error.message).toMatch(words);
  });
});
