import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRecommender, type Recommender } from "@kshot/recommend";
import { afterAll, beforeAll, expect, it } from "vitest";
import { recorded, temporaryFolder } from "../../test/tiny.js";
import { writeSmallModel } from "../../test/write-model.js";
import { type RecommendPeopleOptions, recommendPeople } from "./recommend-people.js";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
let recommender: Recommender;
beforeAll(async () => {
  const model = await writeSmallModel(at("run"), "meta-sgd", { rates: true });
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
