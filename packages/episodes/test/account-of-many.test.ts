import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { prepareEventsWithAccount } from "../src/index.js";
import { eventsFile, temporaryFolder } from "./events.js";

/** Shorter than some pauses inside a visit, so that exactly this pause occurs. */
const gap = 500;

/** Numbers from 0 to below `n`, from a linear congruential generator. */
function drawn(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

const pad = (value: number) => String(value).padStart(2, "0");
const written = (seconds: number) => {
  const at = new Date(seconds * 1000);
  const day = `${at.getUTCFullYear()}-${pad(at.getUTCMonth() + 1)}-${pad(at.getUTCDate())}`;
  return `${day} ${pad(at.getUTCHours())}:${pad(at.getUTCMinutes())}:${pad(at.getUTCSeconds())}`;
};

/**
 * Lines of a learning platform's log, `item_id,user_id,created_at`, in the order of items and not of time: repeated clicks, clicks of one
 * second, visits of one click, and lines that lack a value or a field.
 */
function logLines(count: number): string[] {
  const next = drawn(13);
  const lines: string[] = [];
  while (lines.length < count) {
    const user = next(1400);
    let time = 1_480_000_000 + next(20_000_000);
    let item = next(340);
    for (let left = next(4) === 0 ? 1 : 1 + next(14); left > 0; left--) {
      const fields = [`${item}`, `u${user}`, written(time)];
      const fault = next(400);
      if (fault < 3) fields[fault] = "";
      if (fault === 3) fields.pop();
      if (fault === 4) fields[2] = "yesterday";
      lines.push(fields.join(","));
      const kind = next(10);
      if (kind > 0) item = (item + 1 + next(3)) % 340;
      if (kind !== 1) time += 1 + next(600);
    }
  }
  return lines.slice(0, count).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

type Fate =
  | "noUser"
  | "noItem"
  | "noTime"
  | "badRow"
  | "repeat"
  | "tiedTime"
  | "sessionOfOne"
  | "sessionStart"
  | "pair";

interface Click {
  readonly row: number;
  readonly item: string;
  readonly time: number;
}

/** What becomes of each line, by a program of loops that shares nothing with the package; and each person's pairs. */
function fatesOf(lines: readonly string[]): { fates: Fate[]; pairs: Map<string, number> } {
  const fates: Fate[] = [];
  const people = new Map<string, Click[]>();
  for (const [row, line] of lines.entries()) {
    const fields = line.split(",");
    const [item = "", user = "", when = ""] = fields;
    if (fields.length !== 3) fates[row] = "badRow";
    else if (user === "") fates[row] = "noUser";
    else if (item === "") fates[row] = "noItem";
    else if (Number.isNaN(Date.parse(`${when.replace(" ", "T")}Z`))) fates[row] = "noTime";
    else {
      const clicks = people.get(user) ?? [];
      clicks.push({ row, item, time: Date.parse(`${when.replace(" ", "T")}Z`) / 1000 });
      people.set(user, clicks);
    }
  }
  const pairs = new Map<string, number>();
  for (const [user, clicks] of people) {
    clicks.sort((a, b) => a.time - b.time || a.row - b.row);
    const visits: Click[][] = [];
    for (const [i, click] of clicks.entries()) {
      const before = clicks[i - 1];
      if (before === undefined || click.time - before.time > gap) visits.push([]);
      const visit = visits[visits.length - 1] ?? [];
      if (visit[visit.length - 1]?.item === click.item) fates[click.row] = "repeat";
      else visit.push(click);
    }
    let own = 0;
    for (const visit of visits) {
      for (const [i, { row, time }] of visit.entries()) {
        const before = visit[i - 1];
        if (visit.length === 1) fates[row] = "sessionOfOne";
        else if (before === undefined) fates[row] = "sessionStart";
        else fates[row] = time > before.time ? "pair" : "tiedTime";
        if (fates[row] === "pair") own++;
      }
    }
    pairs.set(user, own);
  }
  return { fates, pairs };
}

describe("the account of 30,000 rows of a log", () => {
  const lines = logLines(30_000);
  const { fates, pairs } = fatesOf(lines);
  const count = (fate: Fate) => fates.filter((own) => own === fate).length;
  const bad = ["noUser", "noItem", "noTime", "badRow"] as const;

  it("has the counts of a second program for each reason, down to the last row, in one file and in two", async () => {
    const folder = temporaryFolder();
    const cut = 11_111;
    const files = { "a.csv": lines.slice(0, cut), "b.csv": lines.slice(cut) };
    const whole = { "events.csv": lines };
    for (const set of [whole, files]) {
      for (const [name, own] of Object.entries(set))
        writeFileSync(join(folder, name), `item_id,user_id,created_at\n${own.join("\n")}\n`);
      const { timeUnit: _, ...options } = eventsFile("", {
        inputs: Object.keys(set).map((name) => join(folder, name)),
        columns: { item: "item_id", user: "user_id", time: "created_at" },
        sessionGap: gap,
        skipBad: bad.reduce((sum, fate) => sum + count(fate), 0),
        k: 5,
        q: 10,
      });
      const { rows, served } = await prepareEventsWithAccount(options);
      const place = (row: number) =>
        set === whole
          ? { file: "events.csv", row }
          : row < cut
            ? { file: "a.csv", row }
            : { file: "b.csv", row: row - cut };
      const tally = (fate: Fate) => ({ count: count(fate), first: place(fates.indexOf(fate)) });
      // Each of these occurs, or the test would say nothing about it.
      for (const fate of [...bad, "repeat", "tiedTime", "sessionOfOne", "sessionStart", "pair"] as const)
        expect(count(fate), fate).toBeGreaterThan(10);
      expect(fates.filter((fate) => fate !== undefined)).toHaveLength(30_000);
      const { peopleWithoutPair, ...more } = rows;
      expect(more).toEqual({
        read: 30_000,
        files: Object.entries(set).map(([file, own]) => ({ file, read: own.length })),
        pairs: { kept: count("pair"), possible: count("pair") + count("tiedTime") },
        sessionStarts: count("sessionStart"),
        dropped: {
          ...Object.fromEntries(
            ([...bad, "repeat", "tiedTime", "sessionOfOne"] as const).map((fate) => [fate, tally(fate)]),
          ),
          filtered: { count: 0 },
        },
      });
      expect(peopleWithoutPair.count).toBe([...pairs.values()].filter((own) => own === 0).length);
      const dropped = Object.values(rows.dropped).reduce((sum, one) => sum + one.count, 0);
      expect(dropped + rows.sessionStarts + rows.pairs.kept).toBe(30_000);
      for (const { k, q, people } of served)
        expect(people).toBe([...pairs.values()].filter((own) => own >= k + q).length);
      expect(served.length).toBeGreaterThan(1);
    }
  });
});
