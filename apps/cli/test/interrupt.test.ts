import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { kshotChild, temporaryFolder, writeEvents } from "./kshot.js";

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

it("Ctrl-C in prepare leaves nothing in the temporary folder; what a killed one left is removed later", async () => {
  const folder = temporaryFolder();
  const scratch = join(folder, "tmp");
  mkdirSync(scratch);
  writeEvents(join(folder, "events.csv"), { users: 3000, perUser: 100, items: 50 });
  const prepare = ["prepare", "--input", "events.csv", "--out", "data"];
  for (const signal of ["SIGKILL", "SIGINT"] as const) {
    const child = kshotChild(prepare, folder, { TMPDIR: scratch });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    const mine = () => readdirSync(scratch).filter((name) => name.includes(`-${child.pid}-`));
    while (mine().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    // No other user may read the spilled data.
    expect(statSync(join(scratch, mine()[0]!)).mode & 0o777).toBe(0o700);
    child.kill(signal);
    expect(await ended).toBe(signal === "SIGINT" ? 130 : null);
    // The second one removed what the first had left.
    expect(readdirSync(scratch)).toHaveLength(signal === "SIGINT" ? 0 : 1);
  }
  expect(readdirSync(folder).sort()).toEqual(["events.csv", "tmp"]);
});
