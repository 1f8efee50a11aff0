import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kshotChild, temporaryFolder } from "./kshot.js";

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
