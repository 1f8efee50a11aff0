import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readParquetTable } from "../../../packages/episodes/dist/files/parquet/read-parquet.js";
import { keptFolder, kshot, kshotChild, temporaryFolder, writeEvents } from "./kshot.js";

const folder = keptFolder();
const model = (id: string) => `model/${id}/${id}_gru_K5.safetensors`;

beforeAll(async () => {
  writeEvents(join(folder, "events.csv"));
  writeFileSync(
    join(folder, "titles.csv"),
    `item,title\n${Array.from({ length: 12 }, (_, i) => `course-${i},Course ${i}\n`).join("")}`,
  );
  writeFileSync(
    join(folder, "small.json"),
    JSON.stringify({
      gru_config: { embedding_dim: 8, hidden_dim: 16 },
      gru_training: { max_epochs: 20, learning_rate: 0.01, batch_size: 32 },
      metasgd_config: {
        num_meta_iterations: 60,
        meta_batch_size: 8,
        inner_lr_init: 0.1,
        alpha_range: [0, 1],
        warm_start: "gru",
      },
    }),
  );
  const prepare = ["prepare", "--input", "events.csv", "--titles", "titles.csv:item:title", "--split", ".6,.2,.2"];
  for (const args of [
    [...prepare, "--out", "data"],
    ["train", "--data", "data", "--config", "small.json", "--algorithm", "gru,meta-sgd"],
  ]) {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
  }
  const reports = join(folder, "kshot-runs", "reports", "kshot");
  cpSync(join(reports, readdirSync(reports)[0]!, "models"), join(folder, "model"), { recursive: true });
});

/** Rows of a file of lists, by column. */
function rowsOf(file: string): Record<string, unknown>[] {
  if (file.endsWith(".jsonl")) {
    return readFileSync(file, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
  }
  if (file.endsWith(".csv")) {
    const [header = "", ...lines] = readFileSync(file, "utf8").trim().split("\n");
    return lines.map((line) => {
      const values = line.split(",");
      return Object.fromEntries(header.split(",").map((name, i) => [name, values[i]]));
    });
  }
  return readParquetTable(readFileSync(file), file)
    .toArray()
    .map((row) => row.toJSON());
}

/** Recommends for a history given as flags. */
function recommend(id: string, items: string[], ...flags: string[]) {
  return kshot(["recommend", "--model", model(id), ...items.flatMap((item) => ["--history", item]), ...flags], folder);
}

describe("recommend", () => {
  it("continues a person's way: course by course, or by every third", async () => {
    for (const step of [1, 3]) {
      const items = Array.from({ length: 7 }, (_, i) => `course-${(2 + i * step) % 12}`);
      const { status, stdout, stderr } = await recommend("metasgd", items, "--json");
      expect(status, stderr).toBe(0);
      const { items: ranked, adapted } = JSON.parse(stdout);
      expect(adapted).toEqual({ pairs: 5, steps: 5 });
      expect(ranked).toHaveLength(10);
      expect(ranked[0]).toMatchObject({
        rank: 1,
        item: `course-${(2 + 7 * step) % 12}`,
        title: `Course ${(2 + 7 * step) % 12}`,
      });
      const shares = ranked.map(({ probability }: { probability: number }) => probability);
      expect(shares).toEqual([...shares].sort((a, b) => b - a));
    }
  });

  it("ranks the same on both engines, takes titles and sessions, and excludes items of the history", async () => {
    const items = ["course-1", "course-2", "course-3", "course-4"];
    const ranked = (stdout: string) => JSON.parse(stdout).items.map(({ item }: { item: string }) => item);
    const simd = ranked((await recommend("metasgd", items, "--json", "--top", "12")).stdout);
    expect(new Set(simd).size).toBe(12);
    expect(ranked((await recommend("metasgd", items, "--json", "--top", "12", "--engine", "tensor")).stdout)).toEqual(
      simd,
    );
    writeFileSync(join(folder, "clicks.json"), JSON.stringify([["course 1", "COURSE 2", "course-3", "course-4"]]));
    const file = await kshot(
      ["recommend", "--model", model("metasgd"), "--history-file", "clicks.json", "--json", "--top", "12"],
      folder,
    );
    expect(ranked(file.stdout)).toEqual(simd);
    const fresh = ranked((await recommend("metasgd", items, "--json", "--top", "12", "--new-only")).stdout);
    expect(fresh).toEqual(simd.filter((item: string) => !items.includes(item)));
  });

  it("says when nothing was fitted: one click, or a plain GRU", async () => {
    expect((await recommend("metasgd", ["course-1"])).stderr).toMatch(/The history has no pair/);
    const { stdout, stderr } = await recommend("gru", ["course-1", "course-2"], "--top", "3");
    expect(stderr).toMatch(/no inner learning rates/);
    expect(stdout.trim().split("\n")).toHaveLength(3);
    expect(stdout).toMatch(/^1 +\d+\.\d % {2}course-\d+ +Course \d+$/m);
  });

  it("takes the model of a run with the best validation MRR, and says which", async () => {
    const runs = join(folder, "kshot-runs", "reports", "kshot");
    const run = join("kshot-runs", "reports", "kshot", readdirSync(runs)[0] ?? "");
    const mrr = ["gru", "metasgd"].map((id) => {
      const { history } = JSON.parse(readFileSync(join(folder, run, "results", `${id}_K5_Q10.json`), "utf8"));
      return Math.max(...history.validation.map(({ metrics }: { metrics: { mrr: number } }) => metrics.mrr));
    });
    const best = (mrr[1] ?? 0) > (mrr[0] ?? 0) ? "metasgd" : "gru";
    const history = ["--history", "course-1", "--history", "course-2", "--json"];
    const done = await kshot(["recommend", "--model", run, ...history], folder);
    expect(done.status, done.stderr).toBe(0);
    expect(done.stderr).toContain(
      `Model ${run}/models/${best}/${best}_gru_K5.safetensors, validation MRR ${Math.max(...mrr).toFixed(4)}, the best of 2.`,
    );
    expect(done.stdout).toBe((await recommend(best, ["course-1", "course-2"], "--json")).stdout);
  });

  it("leaves out unknown items if asked, ranks only the candidates, and says what was left out", async () => {
    writeFileSync(join(folder, "among.txt"), "course-1\ncourse-5\nCourse 7\n");
    writeFileSync(join(folder, "exclude.json"), JSON.stringify(["course-5"]));
    const done = await recommend(
      "metasgd",
      ["course-1", "nothing", "course-2", "course-3"],
      ...["--unknown", "skip", "--among", "among.txt", "--exclude", "exclude.json", "--json"],
    );
    expect(done.status, done.stderr).toBe(0);
    const { items, ignored, adapted } = JSON.parse(done.stdout);
    expect(items.map(({ item }: { item: string }) => item).sort()).toEqual(["course-1", "course-7"]);
    expect(ignored).toEqual(["nothing"]);
    expect(adapted.pairs).toBe(2);
  });

  it.each(["csv", "jsonl", "parquet"])("gives every person of files of events a list as %s", async (ending) => {
    const lists = async (name: string, ...flags: string[]) => {
      const done = await kshot(
        ["recommend", "--model", model("metasgd"), "--events", "events.csv", "--out", name, "--top", "3", ...flags],
        folder,
      );
      expect(done.status, done.stderr).toBe(0);
      return readFileSync(join(folder, name));
    };
    const written = await lists(`lists.${ending}`, "--workers", "1");
    // The same bytes for any number of threads; an earlier file of lists is replaced.
    expect((await lists(`lists.${ending}`, "--workers", "3")).equals(written)).toBe(true);
    const rows = rowsOf(join(folder, `lists.${ending}`));
    expect(rows).toHaveLength(40 * 3);
    const alone = JSON.parse(
      (
        await recommend(
          "metasgd",
          Array.from({ length: 24 }, (_, e) => `course-${(1 + e * 2) % 12}`),
          "--json",
          "--top",
          "3",
        )
      ).stdout,
    );
    const own = rows.filter(({ user_id }) => user_id === "u1");
    expect(own.map(({ rank, item_id, title }) => [Number(rank), item_id, title])).toEqual(
      alone.items.map(({ rank, item, title }: Record<string, unknown>) => [rank, item, title]),
    );
    expect(Number(own[0]?.score)).toBe(alone.items[0].score);
    expect(Number(own[0]?.probability)).toBeCloseTo(alone.items[0].probability, 12);
  });

  it("killed, then interrupted, the same command continues and writes the bytes of an undisturbed run", async () => {
    const place = temporaryFolder();
    const people = Array.from({ length: 4000 }, (_, u) =>
      Array.from({ length: 6 }, (_, e) => `u${u},course-${(u + e) % 12},${1_600_000_000 + u * 1000 + e * 60}\n`).join(
        "",
      ),
    );
    writeFileSync(join(place, "events.csv"), `user,item,time\n${people.join("")}`);
    const args = ["recommend", "--model", join(folder, model("metasgd")), "--events", "events.csv", "--out"];
    const undisturbed = await kshot([...args, "undisturbed.csv"], place);
    expect(undisturbed.stdout).toBe("Written to undisturbed.csv: 40000 rows for 4000 people\n");
    const finished = () => {
      const file = join(place, "lists.csv.unfinished");
      return existsSync(file) ? readFileSync(file, "latin1").split("\n").length - 2 : 0;
    };
    for (const [signal, code] of [["SIGKILL", null] as const, ["SIGINT", 130] as const]) {
      const before = finished();
      const child = kshotChild([...args, "lists.csv"], place);
      let said = "";
      child.stderr?.on("data", (text) => (said += text));
      const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
      while (child.exitCode === null && finished() < before + 2) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill(signal);
      expect(await ended, said).toBe(code);
      expect(existsSync(join(place, "lists.csv"))).toBe(false);
      expect(finished()).toBeGreaterThanOrEqual(before + 2);
      if (signal === "SIGINT")
        expect(said).toMatch(/after \d+ of 4000 people, which are kept in .*lists\.csv\.unfinished/);
      if (before > 0) expect(said).toContain(`${before * 256} of 4000 people were finished by an earlier call.`);
    }
    const kept = 256 * finished();
    const again = await kshot([...args, "lists.csv"], place);
    expect(again.stderr).toContain(`${kept} of 4000 people were finished by an earlier call.`);
    expect(again.stderr).not.toMatch(/worker/i);
    expect(again.stdout).toBe("Written to lists.csv: 40000 rows for 4000 people\n");
    expect(readFileSync(join(place, "lists.csv")).equals(readFileSync(join(place, "undisturbed.csv")))).toBe(true);
    expect(readdirSync(place).sort()).toEqual(["events.csv", "lists.csv", "undisturbed.csv"]);
  });

  it.each([
    ["a run without models", ["--history", "course-1", "--model", "data"], 3, /data: no models\/\*\/\*\.safetensors/],
    ["an item it does not know", ["--history", "corse-1"], 2, /history "corse-1": .* near it: "course-1"/],
    ["no history", [], 2, /no history/],
    ["a file that is not a list", ["--history-file", "small.json"], 3, /a list of item names/],
    ["an empty history", ["--history-file", "empty.json"], 2, /no items/],
    ["a model that is not there", ["--history", "course-1", "--model", "none.safetensors"], 3, /none\.safetensors/],
  ] as const)("refuses %s", async (_, flags, status, message) => {
    writeFileSync(join(folder, "empty.json"), "[]");
    const given = (flags as readonly string[]).includes("--model") ? [] : ["--model", model("metasgd")];
    const done = await kshot(["recommend", ...given, ...flags], folder);
    expect(done.stderr).toMatch(message);
    expect(done.status).toBe(status);
  });
});
