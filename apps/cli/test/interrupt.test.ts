import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kshot, kshotChild, temporaryFolder } from "./kshot.js";

it.each(["SIGINT", "SIGTERM"] as const)("%s while a folder is being written leaves nothing of it", async (signal) => {
  const folder = temporaryFolder();
  const child = kshotChild(["synth", "--users", "200000", "--out", join(folder, "big")], folder);
  let said = "";
  child.stderr?.on("data", (text) => (said += text));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  while (!readdirSync(folder).some((name) => name.startsWith(".big.tmp-"))) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill(signal);
  expect(await ended).toBe(130);
  expect(said).toMatch(/nothing was written/);
  expect(readdirSync(folder)).toEqual([]);
});

it("SIGINT while prepare works with a temporary folder leaves nothing of that folder, which its owner alone may read", async () => {
  const folder = temporaryFolder();
  await kshot(["synth", "--users", "20000", "--out", "events"], folder);
  const temporary = join(folder, "tmp");
  mkdirSync(temporary);
  const child = kshotChild(["prepare", "--input", "events/events.csv", "--out", "data"], folder, { TMPDIR: temporary });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  let made: string[] = [];
  while (made.length === 0) {
    made = readdirSync(temporary).filter((name) => name.startsWith("kshot-duckdb-"));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(statSync(join(temporary, made[0] ?? "")).mode & 0o777).toBe(0o700);
  child.kill("SIGINT");
  expect(await ended).toBe(130);
  expect(readdirSync(temporary)).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(["events", "tmp"]);
});
