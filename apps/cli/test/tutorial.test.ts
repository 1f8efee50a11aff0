import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { keptFolder, kshot, kshotChild } from "./kshot.js";

const folder = keptFolder();
const tutorial = readFileSync(new URL("../../../docs/tutorial.md", import.meta.url), "utf8");
const commands = [...tutorial.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.trim().split("\n"));

let run = "";
/** The words of a shell line without quotes; RUN is the folder that `train` named. */
const words = (line: string) =>
  line
    .split(" ")
    .slice(1)
    .map((word) => (word === "RUN" ? run : word));

it("docs/tutorial.md: its commands run as they stand, and the server answers as recommend does", async () => {
  const serve = commands.findIndex((line) => line.startsWith("kshot serve"));
  const before = commands.slice(0, serve);
  expect(before.map((line) => words(line)[0])).toEqual(["synth", "prepare", "train", "recommend", "recommend"]);
  const said: string[] = [];
  for (const line of before) {
    const done = await kshot(words(line), folder);
    expect(done.status, `${line}\n${done.stderr}`).toBe(0);
    said.push(done.stdout);
    run ||= /kshot recommend --model (\S+)/.exec(done.stdout + done.stderr)?.[1] ?? "";
  }
  expect(readFileSync(join(folder, "lists.csv"), "utf8")).toMatch(/^user_id,rank,item_id,title,score,probability\n/);
  const child = kshotChild([...words(commands[serve]!.replace("8080", "0")), "--workers", "1"], folder);
  try {
    let log = "";
    child.stderr?.on("data", (text) => (log += text));
    const listening = await new Promise<string>((resolve, reject) => {
      child.stdout?.once("data", (text) => resolve(JSON.parse(String(text)).listening));
      child.once("exit", () => reject(new Error(`the server ended: ${log}`)));
    });
    const [, path, body] = /localhost:8080(\S+) .* -d '(.*)'$/.exec(commands[serve + 1]!)!;
    const answer = await fetch(`${listening}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: body!,
    });
    expect(answer.status).toBe(200);
    const { items } = (await answer.json()) as { items: { item: string; title: string }[] };
    const named = said[3]!
      .trim()
      .split("\n")
      .map((row) => row.trim().split(/\s+/)[3]);
    expect(items.map(({ item }) => item)).toEqual(named);
    expect(items[0]!.title).toMatch(/: /);
  } finally {
    child.kill("SIGTERM");
    if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  }
}, 300_000);

it("evaluate --lists: the label of a query is in its list at its rank", async () => {
  const files = ["--out", "results.json", "--lists", "queries.csv", "--logits", "logits.csv"];
  const flags = ["--steps", "5", "--window", "first", ...files];
  const done = await kshot(["evaluate", "--model", run, "--data", "data", ...flags], folder);
  expect(done.status, done.stderr).toBe(0);
  const [header, ...rows] = readFileSync(join(folder, "queries.csv"), "utf8").trim().split("\n");
  expect(header).toBe("user_id,window,query,label,rank,item_id,title,score,probability");
  const { people } = JSON.parse(readFileSync(join(folder, "results.json"), "utf8")).evaluations[0] as {
    people: { user: string[]; queries: { higher: number; tied: number }[][] };
  };
  const placed = new Map<string, number>();
  for (const [user, , query, label, rank, item] of rows.map((row) => row.split(","))) {
    if (item === label) placed.set(`${user}/${query}`, Number(rank));
  }
  const expected = people.user.flatMap((user, p) =>
    people.queries[p]!.flatMap(({ higher, tied }, query) =>
      higher < 10 && tied === 0 ? [[`${user}/${query}`, higher + 1] as const] : [],
    ),
  );
  expect(expected.length).toBeGreaterThan(50);
  for (const [query, rank] of expected) expect(placed.get(query), query).toBe(rank);
  expect(rows.length).toBe(10 * people.queries.flat().length);
  // Every query's logits, all items: as many are above the label's as its rank says.
  const scores = new Map<string, { label: string; of: Map<string, number> }>();
  for (const line of readFileSync(join(folder, "logits.csv"), "utf8").trim().split("\n").slice(1)) {
    const [user, , query, label, item, logit] = line.split(",") as [string, string, string, string, string, string];
    const own = scores.get(`${user}/${query}`) ?? { label, of: new Map() };
    scores.set(`${user}/${query}`, own);
    own.of.set(item, Number(logit));
  }
  people.user.forEach((user, p) => {
    people.queries[p]!.forEach(({ higher }, query) => {
      const { label, of } = scores.get(`${user}/${query}`)!;
      expect([...of.values()].filter((score) => score > of.get(label)!)).toHaveLength(higher);
    });
  });
  const wrong = await kshot(["evaluate", "--model", run, "--data", "data", "--lists", "queries.txt"], folder);
  expect(wrong.status).toBe(2);
  expect(wrong.stderr).toMatch(/--lists .*queries\.txt: another ending\. Expected \.csv, \.jsonl or \.parquet/);
});

it("imported weights are evaluated, recommended with and trained further as the model that they came from", async () => {
  const models = readdirSync(join(folder, run), { recursive: true, encoding: "utf8" });
  const gru = join(run, models.find((file) => /models\/gru\/gru_gru_K\d+\.safetensors$/.test(file))!);
  const weights = ["--weights", gru, "--items", "data/vocab/course2id.json", "--titles", "data/vocab/titles.json"];
  const came = await kshot(["import", ...weights, "--out", "in.safetensors"], folder);
  expect(came.status, came.stderr).toBe(0);
  const table = async (model: string) => {
    const done = await kshot(["evaluate", "--model", model, "--data", "data", "--steps", "0"], folder);
    expect(done.status, done.stderr).toBe(0);
    return done.stdout;
  };
  expect(await table("in.safetensors")).toBe(await table(gru));
  const best = async (model: string) =>
    (await kshot(["recommend", "--model", model, "--history", "biology-01", "--history", "biology-02"], folder)).stdout;
  expect(await best("in.safetensors")).toBe(await best(gru));
  const settings = ["--algorithm", "meta-sgd", "--iterations", "2", "--embedding-dim", "8", "--hidden-dim", "16"];
  const further = await kshot(
    ["train", "--data", "data", "--warm-start", "in.safetensors", ...settings, "--out", "further"],
    folder,
  );
  expect(further.status, further.stderr).toBe(0);
});
