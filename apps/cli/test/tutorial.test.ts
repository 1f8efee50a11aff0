import { readFileSync } from "node:fs";
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
  const child = kshotChild(words(commands[serve]!.replace("8080", "0")), folder);
  try {
    const listening = await new Promise<string>((resolve, reject) => {
      child.stdout?.once("data", (text) => resolve(JSON.parse(String(text)).listening));
      child.once("exit", () => reject(new Error("the server ended")));
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
    await new Promise((resolve) => child.once("exit", resolve));
  }
});
