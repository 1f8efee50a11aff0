import type { ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterEach, beforeAll, expect, it } from "vitest";
import { modelFiles } from "../../../packages/recommend/test/model.js";
import { keptFolder, kshot, kshotChild } from "./kshot.js";

const folder = keptFolder();
const running: ChildProcess[] = [];
beforeAll(() => {
  writeFileSync(join(folder, "courses.safetensors"), modelFiles().whole);
  mkdirSync(join(folder, "empty"));
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

/** A server that listens, the lines of its log, and how it ends. */
async function serving(...flags: string[]) {
  const child = kshotChild(["serve", "--port", "0", "--workers", "1", ...flags], folder);
  running.push(child);
  let said = "";
  let log = "";
  child.stderr?.on("data", (text) => (log += text));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (text) => {
      said += text;
      if (said.includes("\n")) resolve();
    });
    ended.then(() => reject(new Error(log)));
  });
  const { listening } = JSON.parse(said) as { listening: string };
  return { child, url: listening, log: () => log, ended };
}

const recommend = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}/v1/recommend`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

it("prints where it listens when it is ready, answers as recommend does, logs lines, stops with 0", async () => {
  const { child, url, log, ended } = await serving("--model", "m=courses.safetensors");
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  const response = await recommend(url, { history: ["a", "b", "c"], top: 3, model: "m" });
  expect(response.status).toBe(200);
  const { items } = (await response.json()) as { items: unknown[] };
  const args = ["recommend", "--model", "courses.safetensors", "--top", "3", "--json"];
  const history = ["a", "b", "c"].flatMap((item) => ["--history", item]);
  const alone = await kshot([...args, ...history], folder);
  expect(items).toEqual(JSON.parse(alone.stdout).items);
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  const entries = log()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(entries).toContainEqual(expect.objectContaining({ event: "request", route: "/v1/recommend", people: 1 }));
  expect(entries.at(-1)).toMatchObject({ event: "stopped" });
});

it("asks for the token of a file; the log may be text", async () => {
  writeFileSync(join(folder, "token.txt"), "a-token-of-some-length\n");
  const { child, url, log, ended } = await serving(
    ...["--model", "courses.safetensors", "--token-file", "token.txt", "--log", "text"],
  );
  expect((await recommend(url, { history: ["a"] })).status).toBe(401);
  const known = await recommend(url, { history: ["a"] }, { authorization: "Bearer a-token-of-some-length" });
  expect(known.status).toBe(200);
  child.kill("SIGINT");
  expect(await ended).toBe(0);
  expect(log()).toMatch(/^\S+Z request POST \/v1\/recommend 200 [\d.]+ ms 1 person$/m);
});

it.each<[string, string[], number, RegExp]>([
  ["no model", [], 2, /--model: no model/],
  ["a model that is not there", ["--model", "none.safetensors"], 3, /none\.safetensors: no such file/],
  ["a folder that is not a run", ["--model", "empty"], 3, /no models/],
  ["two models of one name", ["--model", "m=a.safetensors", "--model", "m=b.safetensors"], 2, /two models called "m"/],
  [
    "a token file that is not there",
    ["--model", "courses.safetensors", "--token-file", "none"],
    3,
    /none: no such file/,
  ],
  ["0 workers", ["--model", "courses.safetensors", "--workers", "0"], 2, /--workers/],
])("refuses %s", async (_, flags, status, message) => {
  const done = await kshot(["serve", ...flags], folder);
  expect(done.stderr).toMatch(message);
  expect(done.status).toBe(status);
});

it("refuses a port that is in use", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const done = await kshot(["serve", "--model", "courses.safetensors", "--workers", "1", "--port", `${port}`], folder);
  server.close();
  expect(done.stderr).toMatch(/the port is in use/);
  expect(done.status).toBe(2);
});
