import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KshotError } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { type DataSetOfOptions, dataSetOf, type ItemEvent } from "../src/core/index.js";
import { prepareEvents } from "../src/index.js";
import { temporaryFolder } from "./events.js";

/** People with a few sessions each: tied times, repeats, fractions of a second, names beyond U+FFFF and in two Unicode forms. */
function someEvents(people: number): ItemEvent[] {
  const items = ["a", "b", "c", "caf\u00e9", "cafe\u0301", "\uff5e", "\u{1f600}", "x,y ", "10", "9"];
  return Array.from({ length: people * 30 }, (_, i) => {
    const person = (i * 7) % people;
    const step = Math.floor(i / people);
    return {
      user: `${["", " ", "\u00a0"][i % 3]}p${person}`,
      item: items[(i * 13 + step * step) % items.length]!,
      time: 1_700_000_000 + 40_000 * Math.floor(step / 8) + 60 * (step - (step % 5 === 4 ? 1 : 0)) + (person % 2) / 4,
      session: `s${Math.floor(step / 6) % 4}${step % 2 ? " " : ""}`,
      split: (["train", "val", "test"] as const)[person % 3]!,
    };
  });
}

/** Options that files and events in memory share. */
type Options = Omit<DataSetOfOptions, "titles" | "onProgress">;

/** What `prepare` makes of the same events in a file. */
function prepared(events: readonly ItemEvent[], options: Options, columns: { session?: string; split?: string }) {
  const quoted = (value: unknown) => `"${value}"`;
  const lines = events.map((event) =>
    [event.user, event.item, event.time, event.session, event.split].map(quoted).join(),
  );
  const file = join(temporaryFolder(), "events.csv");
  writeFileSync(file, `user,item,time,session,split\n${lines.join("\n")}\n`);
  return prepareEvents({
    ...{ inputs: [file], timeUnit: "s", columns: { user: "user", item: "item", time: "time", ...columns } },
    ...{ sessionGap: 1800, maxPrefix: 50, k: 5, q: 10, dataSeed: 42, ...options },
  });
}

const plain = ({ user, item, time }: ItemEvent): ItemEvent => ({ user, item, time });

describe("dataSetOf equals prepare", () => {
  const events = someEvents(40);
  it.each<[string, Options]>([
    ["its defaults", { k: 2, q: 3 }],
    ["a short gap, short prefixes, ties kept", { k: 2, q: 3, sessionGap: 60, maxPrefix: 2, ties: "keep" }],
    ["whole histories", { sessionGap: null }],
    [
      "filters and another seed",
      { k: 1, q: 2, topItems: 6, minEventsPerUser: 5, dataSeed: 7, split: [0.5, 0.25, 0.25] },
    ],
    ["shares of the time", { k: 1, q: 2, splitTime: [0.6, 0.2, 0.2] }],
    ["everyone", { k: 2, q: 3, split: [1, 0, 0] }],
  ])("%s", async (_, options) => {
    // People of the split by time begin at different times.
    const own = events
      .map(plain)
      .map((event) =>
        options.splitTime
          ? { ...event, time: (event.time as number) + 90_000 * Number(`${event.user}`.trim().slice(1)) }
          : event,
      );
    expect(dataSetOf(own, options)).toEqual(await prepared(own, options, {}));
  });

  it("sessions and splits that the events name", async () => {
    const options = { k: 2, q: 2 };
    const data = dataSetOf(events, options);
    expect(data).toEqual(await prepared(events, options, { session: "session", split: "split" }));
    expect(data.items).toEqual(["10", "9", "a", "b", "c", "café", "x,y", "\uff5e", "\u{1f600}"]);
  });

  it("dates and titles", () => {
    const dated = events.map(plain).map((event) => ({ ...event, time: new Date(1000 * (event.time as number)) }));
    const data = dataSetOf(dated, { k: 2, q: 3, titles: { a: "Algebra" } });
    expect(data.titles?.slice(2, 4)).toEqual(["Algebra", "b"]);
    expect(data.fingerprint).toBe(dataSetOf(events.map(plain), { k: 2, q: 3 }).fingerprint);
  });
});

describe("refusals", () => {
  const good = plain(someEvents(3)[0]!);
  it.each<[string, unknown[], DataSetOfOptions, RegExp]>([
    ["no event", [], {}, /^events: none/],
    ["an invalid event", [good, null], {}, /^event 1: null\. Expected \{ user, item, time }/],
    ["a blank name", [{ ...good, item: "\u00a0 " }], {}, /^event 0, item: .*non-empty/],
    [
      "sessions twice",
      [{ ...good, session: "s" }],
      { sessionGap: 60 },
      /^sessionGap: 60, where the events name their sessions/,
    ],
    ["two ways to split", [good], { split: [1, 0, 0], splitTime: [0.6, 0.2, 0.2] }, /^split: 1,0,0 and splitTime/],
    ["an empty name", [{ ...good, user: "" }], {}, /^event 0, user: \. Expected a non-empty text/],
    ["no item", [good, { ...good, item: undefined }], {}, /^event 1, item: nothing/],
    ["no time", [{ ...good, time: Number.NaN }], {}, /^event 0, time: NaN\. Expected seconds since 1970, or a Date/],
    ["an invalid date", [{ ...good, time: new Date("x") }], {}, /^event 0, time: Invalid Date/],
    ["sessions for some", [{ ...good, session: "s" }, good], {}, /^event 1, session: nothing/],
    ["an unknown split", [{ ...good, split: "dev" }], {}, /^event 0, split: dev\. Expected train, val, test/],
    [
      "a person in two splits",
      [
        { ...good, split: "val" },
        { ...good, split: "test" },
      ],
      {},
      /^event 1, split: test, where earlier/,
    ],
    ["a wrong option", [good], { maxPrefix: -1 }, /^maxPrefix: -1\. Expected a whole number, 0 or more/],
    ["too few pairs", [good], {}, /no person has the 15 pairs/],
  ])("%s", (_, events, options, message) => {
    try {
      dataSetOf(events as ItemEvent[], options);
    } catch (error) {
      expect(KshotError.isInstance(error), String(error)).toBe(true);
      expect((error as Error).message).toMatch(message);
      return;
    }
    throw new Error("no refusal");
  });
});
