import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pairs } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import {
  type Campus,
  campusCsv,
  campusOptions,
  campusPeople,
  campusTitles,
  createCampus,
  episodeQuery,
  episodeSupport,
  idealObserver,
  nextDistribution,
  person,
  prepareEvents,
  startDistribution,
} from "../src/index.js";
import { temporaryFolder } from "./events.js";

const campusOf = (options = {}) => createCampus(campusOptions({ users: 400, dataSeed: 7, ...options }));
const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

describe("people of the campus", () => {
  it("are the same for the same options in any order, and different for another seed", () => {
    const csv = (campus: Campus) => [...campusCsv(campus)].join("");
    expect(csv(campusOf())).toBe(csv(campusOf()));
    expect(csv(campusOf({ dataSeed: 8 }))).not.toBe(csv(campusOf()));
    const everyone = [...campusPeople(campusOf())];
    expect(person(campusOf(), 123)).toEqual(everyone[123]);
  });

  it("are frozen: a change of version 1 needs a new campusVersion and a page in docs/decisions", () => {
    const csv = [...campusCsv(campusOf({ users: 50 }))].join("");
    expect(createHash("sha256").update(csv).digest("hex")).toBe(
      "fa2bf2e2b13bb3852838f74447b81704b3969c1a9529222a428b12f68cf104dc",
    );
  });

  it("keep the protocol: no course twice in a row, times increase, sessions far apart and clicks near", () => {
    for (const { sessions } of campusPeople(campusOf())) {
      let end = 0;
      for (const { courses, times } of sessions) {
        expect(courses.length).toBeGreaterThanOrEqual(2);
        expect(times[0]! - end).toBeGreaterThan(1800);
        for (let i = 1; i < courses.length; i++) {
          expect(courses[i]).not.toBe(courses[i - 1]);
          expect(times[i]! - times[i - 1]!).toBeGreaterThan(0);
          expect(times[i]! - times[i - 1]!).toBeLessThan(1800);
        }
        end = times[times.length - 1]!;
      }
    }
  });

  it("click as their distributions say", () => {
    const campus = campusOf({ users: 6000, items: 40 });
    const starts = new Float64Array(40);
    const expectedStarts = new Float64Array(40);
    let moves = 0;
    let moveChance = 0;
    let variance = 0;
    for (const { type, sessions } of campusPeople(campus)) {
      const who = campus.types[type]!;
      const start = startDistribution(campus, who);
      for (const { courses } of sessions) {
        starts[courses[0]!]!++;
        start.forEach((chance, course) => {
          expectedStarts[course]! += chance;
        });
        for (let i = 1; i < courses.length; i++) {
          // One number per click that depends on the whole distribution: whether it was the likeliest course, and how likely that is.
          const next = nextDistribution(campus, courses[i - 1]!, who);
          const best = next.indexOf(Math.max(...next));
          moves += courses[i] === best ? 1 : 0;
          moveChance += next[best]!;
          variance += next[best]! * (1 - next[best]!);
        }
      }
    }
    const chiSquare = starts.reduce(
      (sum, count, course) => sum + (count - expectedStarts[course]!) ** 2 / expectedStarts[course]!,
      0,
    );
    // 40 courses: mean 39, standard deviation 8.8; five of them above.
    expect(chiSquare).toBeLessThan(39 + 5 * 8.8);
    expect(Math.abs(moves - moveChance)).toBeLessThan(5 * Math.sqrt(variance));
  });

  it("have distributions that add up to 1 and never repeat the current course; at taste 0 all types share them", () => {
    for (const taste of [0, 0.3, 1]) {
      const campus = campusOf({ taste });
      for (const type of campus.types) {
        expect(total(startDistribution(campus, type))).toBeCloseTo(1, 12);
        const next = nextDistribution(campus, 5, type);
        expect(total(next)).toBeCloseTo(1, 12);
        expect(next[5]).toBe(0);
        if (taste === 0) expect(next).toEqual(nextDistribution(campus, 5, campus.types[0]!));
      }
    }
  });

  it("titles name every course once", () => {
    const titles = [...campusTitles(campusOf({ items: 300 })).values()];
    expect(new Set(titles).size).toBe(300);
  });

  it.each([
    [{ users: 0 }, /--users: 0/],
    [{ items: 10 }, /--items: 10.*from 40/],
    [{ taste: 1.5 }, /--taste: 1\.5/],
  ])("refuses %j", (options, says) => {
    expect(() => campusOptions({ dataSeed: 1, ...options })).toThrow(says);
  });
});

describe("the ideal observer", () => {
  const campus = campusOf({ items: 40 });
  const items = campus.courses.map(({ id }) => id).reverse();
  const number = (item: number) => campus.courses.length - 1 - item;
  const observer = idealObserver(campus, items);
  const score = (query: number[], support: Pairs | null) =>
    observer.score(query, support, new Float64Array(items.length));

  /** Bayes' rule by plain products, over whole sessions given one by one. */
  function bruteForce(sessions: readonly (readonly number[])[], current: number): number[] {
    const weights = campus.types.map((type, t) =>
      sessions.reduce(
        (weight, clicks) =>
          clicks.reduce((w, click, i) => {
            const chances =
              i === 0 ? startDistribution(campus, type) : nextDistribution(campus, number(clicks[i - 1]!), type);
            return w * chances[number(click)]!;
          }, weight),
        campus.prior[t]!,
      ),
    );
    return items.map((_, item) =>
      campus.types.reduce(
        (sum, type, t) =>
          sum + (weights[t]! / total(weights)) * nextDistribution(campus, number(current), type)[number(item)]!,
        0,
      ),
    );
  }
  const close = (a: ArrayLike<number>, b: ArrayLike<number>) =>
    Array.from(a).forEach((value, i) => {
      expect(value).toBeCloseTo(b[i]!, 12);
    });

  it("is Bayes' rule on the query's own session", () => {
    close(score([3, 11, 19], null), bruteForce([[3, 11, 19]], 19));
    expect(total(score([3, 11, 19], null))).toBeCloseTo(1, 12);
  });

  it("adds the support's sessions, nested pairs counted once", () => {
    const support = { sequences: [[3], [3, 11], [3, 11, 19], [30]], labels: [11, 19, 27, 22] };
    close(
      score([8, 16], support),
      bruteForce(
        [
          [3, 11, 19, 27],
          [30, 22],
          [8, 16],
        ],
        16,
      ),
    );
  });

  it("continues where the query continues the support's last session", () => {
    const support = { sequences: [[3], [30], [30, 22]], labels: [11, 22, 14] };
    close(
      score([30, 22, 14, 6], support),
      bruteForce(
        [
          [3, 11],
          [30, 22, 14, 6],
        ],
        6,
      ),
    );
  });

  it("refuses an item of another campus", () => {
    expect(() => idealObserver(campus, ["astrology-01"])).toThrow(/astrology-01/);
  });
});

describe("ceilings of the default campus, known before any model is trained on it", () => {
  /** Share of test queries whose label the observer puts first, without and with the support pairs; window `first`. */
  async function ceilings(taste: number): Promise<{ without: number; withSupport: number; people: number }> {
    const campus = createCampus(campusOptions({ taste, dataSeed: 42 }));
    const file = join(temporaryFolder(), "events.csv");
    writeFileSync(file, [...campusCsv(campus)].join(""));
    const data = await prepareEvents({
      inputs: [file],
      columns: { user: "user", item: "item", time: "time" },
      sessionGap: 1800,
      maxPrefix: 50,
      split: [0.6, 0.15, 0.25],
      k: 5,
      q: 10,
      dataSeed: 42,
    });
    const observer = idealObserver(campus, data.items);
    const scores = new Float64Array(data.items.length);
    const { pairs, windows } = data.test;
    const hits = { without: 0, withSupport: 0 };
    for (let e = 0; e < windows.first.length; e++) {
      const support = episodeSupport(pairs, windows.first, e);
      const query = episodeQuery(pairs, windows.first, e);
      query.sequences.forEach((prefix, row) => {
        for (const [kind, seen] of [
          ["without", null],
          ["withSupport", support],
        ] as const) {
          observer.score(prefix, seen, scores);
          if (scores.every((value, item) => item === query.labels[row] || value < scores[query.labels[row]!]!))
            hits[kind]++;
        }
      });
    }
    const queries = windows.first.length * 10;
    return { without: hits.without / queries, withSupport: hits.withSupport / queries, people: windows.first.length };
  }

  it("differ by at least .10 of Acc@1", async () => {
    const { without, withSupport, people } = await ceilings(1);
    expect(people).toBeGreaterThan(150);
    expect(withSupport - without).toBeGreaterThan(0.1);
  });

  it("are equal on the null campus", async () => {
    const { without, withSupport } = await ceilings(0);
    expect(withSupport).toBe(without);
  });
});
