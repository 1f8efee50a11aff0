import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { PrepareOptions } from "../src/index.js";

/** A temporary folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kshot-episodes-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A CSV file of events and options to prepare it; people are few, so K = Q = 1. */
export function eventsFile(text: string, options: Partial<PrepareOptions> = {}): PrepareOptions {
  const file = join(temporaryFolder(), "events.csv");
  writeFileSync(file, text);
  return {
    inputs: [file],
    columns: { user: "user", item: "item", time: "time" },
    timeUnit: "s",
    sessionGap: 1800,
    maxPrefix: 50,
    // Only one way to split can be given.
    ...(options.splitTime || options.columns?.split ? {} : { split: [1 / 3, 1 / 3, 1 / 3] as const }),
    k: 1,
    q: 1,
    dataSeed: 1,
    ...options,
  };
}

/** Three people with the same events, so that every split has one in each part: rows of `item,time` for each of them. */
export function threePeople(rows: readonly (readonly [item: string, time: number | string])[]): string {
  const lines = ["p", "q", "r"].flatMap((user) => rows.map(([item, time]) => `${user},${item},${time}`));
  return `user,item,time\n${lines.join("\n")}\n`;
}
