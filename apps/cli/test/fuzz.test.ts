import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { keptFolder, kshot } from "./kshot.js";

/** Cases of each target; `pnpm soak:fuzz` runs many more. */
const rounds = Number(process.env.KSHOT_FUZZ_ROUNDS ?? 6);

const soak = new URL("../../../tooling/soak/", import.meta.url);
const { exitCodes, makeCase, makeSeeds, raw, targets, warm } = await import(new URL("fuzz-targets.js", soak).href);
const { randomNumbers } = await import(new URL("kshot.js", soak).href);

const home = keptFolder();
const sandbox = join(home, "sandbox");
let list: { file?: string; args: unknown }[] = [];

beforeAll(async () => {
  list = targets(home, await makeSeeds(home, kshot));
  mkdirSync(sandbox);
  for (const args of warm) await kshot(args, sandbox);
});

it(`answers, or says what is wrong in one paragraph, after ${rounds} random changes of every kind of file and of the arguments`, async () => {
  const before = readdirSync(home).sort();
  const statuses = new Set<number | null>();
  for (let number = 0; number < rounds * list.length; number++) {
    rmSync(sandbox, { recursive: true, force: true });
    mkdirSync(sandbox);
    const { args } = makeCase(list[number % list.length], randomNumbers(number + 1), home, sandbox);
    const began = performance.now();
    const { status, stderr } = await kshot(args, sandbox);
    const what = `case ${number}: ${args.join(" ")}\n${stderr}`;
    expect(exitCodes, what).toContain(status);
    if (!args.includes("--debug")) expect(stderr, what).not.toMatch(raw);
    if (status !== 0) expect(stderr.trim(), what).not.toBe("");
    expect(performance.now() - began, what).toBeLessThan(10_000);
    expect(readdirSync(home).sort(), what).toEqual(before);
    statuses.add(status);
  }
  // Some were refused, and some changes did no harm.
  expect([...statuses].sort()).toEqual(expect.arrayContaining([0, 2, 3]));
  expect(process.memoryUsage().rss).toBeLessThan(1.2e9);
  expect(existsSync(join(home, "p"))).toBe(true);
});
