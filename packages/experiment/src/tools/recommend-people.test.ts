import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRecommender, type Recommender } from "@kshot/recommend";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recorded, temporaryFolder } from "../../test/tiny.js";
import { writeSmallModel } from "../../test/write-model.js";
import { type RecommendPeopleOptions, recommendPeople } from "./recommend-people.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
let recommender: Recommender;
let model = "";
beforeAll(async () => {
  model = await writeSmallModel(at("run"), "meta-sgd", { rates: true });
  recommender = await openRecommender(model, { workers: 1 });
  const rows = ["v,a,3", "v,b,4", "u,c,1", "w,a,2", "w,none,3", "w,c,5"].map((row) =>
    row.replace(/\d$/, "160000000$&"),
  );
  writeFileSync(at("events.csv"), `user,item,time\n${rows.join("\n")}\n`);
});
afterAll(() => recommender.close());

const lists = (out: string, more: Partial<RecommendPeopleOptions> = {}) =>
  recommendPeople({
    ...{ recommender, out: at(out), ranking: { top: 2, unknown: "skip" as const }, progress: () => {} },
    events: {
      inputs: [at("events.csv")],
      columns: { user: "user", item: "item", time: "time" },
      sessionGap: null,
    },
    ...more,
  });

it("writes a list for each person by name, and counts what was left out and who was not fitted", async () => {
  const { events, progress } = recorded();
  expect(await lists("lists.csv", { progress })).toEqual({ people: 3, rows: 6, ignored: 1, unfitted: 1 });
  const [header, ...rows] = readFileSync(at("lists.csv"), "utf8").trim().split("\n");
  expect(header).toBe("user_id,rank,item_id,title,score,probability");
  expect(rows.map((row) => row.split(",").slice(0, 2).join(" "))).toEqual(["u 1", "u 2", "v 1", "v 2", "w 1", "w 2"]);
  expect(events.at(-1)).toMatchObject({ type: "done", text: "3 people" });
  // In groups of any size: the same bytes.
  await lists("one.csv", { peopleAtOnce: 1 });
  expect(readFileSync(at("one.csv"), "utf8")).toBe(readFileSync(at("lists.csv"), "utf8"));
});

it.each(["jsonl", "parquet"])("writes them as %s", async (ending) => {
  expect((await lists(`lists.${ending}`)).rows).toBe(6);
  const bytes = readFileSync(at(`lists.${ending}`));
  if (ending === "jsonl") expect(JSON.parse(bytes.toString("utf8").split("\n")[0]!)).toMatchObject({ user_id: "u" });
  else expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
});

it("names the person of an unknown item; a signal leaves nothing", async () => {
  await expect(lists("refused.csv", { ranking: { top: 2, unknown: "refuse" } })).rejects.toThrow(
    /events\.csv, person "w", item.*"none".*--unknown skip/,
  );
  const stopped = lists("stopped.csv", { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
  expect(existsSync(at("refused.csv")) || existsSync(at("stopped.csv"))).toBe(false);
});

describe("a stopped call is continued", () => {
  /** Lists of `out` person by person, kept; the number of people that the model computes. */
  async function kept(out: string, more: Partial<RecommendPeopleOptions> = {}) {
    let computed = 0;
    const counting: Recommender = {
      ...recommender,
      recommendMany: async (histories, options) => {
        computed += histories.length;
        return recommender.recommendMany(histories, options);
      },
    };
    const keep = { model, computed: "test" };
    const done = await lists(out, { recommender: counting, peopleAtOnce: 1, keep, ...more }).catch((error) => error);
    return { computed, done };
  }
  /** Stops a call after two of three people. */
  async function stop(out: string, more: Partial<RecommendPeopleOptions> = {}) {
    const stopping = new AbortController();
    const { events: recordedEvents, progress } = recorded();
    const { done } = await kept(out, {
      signal: stopping.signal,
      progress: (event) => {
        progress(event);
        if (event.type === "step" && event.done === 2) stopping.abort();
      },
      ...more,
    });
    expect(recordedEvents.at(-1)).toMatchObject({ type: "step", done: 2 });
    expect(done).toMatchObject({ code: "INTERRUPTED" });
    expect(done.message).toMatch(/after 2 of 3 people, which are kept in .*unfinished\. .*same command continues/s);
    expect(existsSync(at(out))).toBe(false);
    expect(existsSync(at(`${out}.unfinished`))).toBe(true);
  }

  it.each(["csv", "jsonl", "parquet"])("%s: the same bytes, and no person is computed twice", async (ending) => {
    await lists(`undisturbed.${ending}`, { peopleAtOnce: 1 });
    await stop(`stopped.${ending}`);
    const { events, progress } = recorded();
    const { computed, done } = await kept(`stopped.${ending}`, { progress });
    expect(computed).toBe(1);
    expect(done).toEqual({ people: 3, rows: 6, ignored: 1, unfitted: 1 });
    expect(events).toContainEqual({ type: "note", text: "2 of 3 people were finished by an earlier call." });
    expect(readFileSync(at(`stopped.${ending}`)).equals(readFileSync(at(`undisturbed.${ending}`)))).toBe(true);
    expect(existsSync(at(`stopped.${ending}.unfinished`))).toBe(false);
  });

  const rest: [string, number, () => Partial<RecommendPeopleOptions>][] = [
    ["another ranking", 3, () => ({ ranking: { top: 1, unknown: "skip" } })],
    ["another engine", 3, () => ({ keep: { model, computed: "other" } })],
    ["other events of the second person", 2, () => ({ events: changed("v,b,1600000004", "v,c,1600000004") })],
    ["other sessions of the second person", 2, () => ({ events: { ...changed("", ""), sessionGap: 0.5 } })],
    ["another group size", 3, () => ({ peopleAtOnce: 2 })],
    ["--unknown refuse, after lists without unknown items", 1, () => ({ ranking: { top: 2, unknown: "refuse" } })],
  ];
  function changed(from: string, to: string): RecommendPeopleOptions["events"] {
    writeFileSync(at("changed.csv"), readFileSync(at("events.csv"), "utf8").replace(from, to));
    return { inputs: [at("changed.csv")], columns: { user: "user", item: "item", time: "time" }, sessionGap: null };
  }
  it.each(rest)("%s: %i people are computed", async (name, expected, more) => {
    const out = `${name.replaceAll(/\W+/g, "-")}.csv`;
    await stop(out);
    const { computed } = await kept(out, more());
    expect(computed).toBe(expected);
    rmSync(at(`${out}.unfinished`), { force: true });
  });
});
