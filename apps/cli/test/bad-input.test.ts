import { existsSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { kshot, temporaryFolder, writeEvents } from "./kshot.js";

/** One wrong use: what is typed in a folder, the exit code, and words that the one paragraph must hold. */
interface Case {
  readonly name: string;
  readonly skip?: boolean;
  readonly before?: (folder: string) => void;
  readonly args: readonly string[];
  readonly status: number;
  readonly says: readonly RegExp[];
}

// `pnpm gpu:setup` puts it there; what happens where it is broken or of another version is tensor-fn's test.
const gpuPackage = existsSync(
  new URL("../../../packages/tensor-fn/node_modules/@tensorflow/tfjs-node-gpu", import.meta.url),
);

const events = (folder: string) => writeEvents(join(folder, "events.csv"));
const data = (folder: string) => {
  events(folder);
  const { status, stderr } = kshot(
    ["prepare", "--input", "events.csv", "--split", ".6,.2,.2", "--out", "data"],
    folder,
  );
  if (status !== 0) throw new Error(stderr);
};

const cases: readonly Case[] = [
  { name: "unknown flag", args: ["train", "--iteratons", "5"], status: 2, says: [/iteratons/, /--iterations/] },
  { name: "unknown command", args: ["trian"], status: 2, says: [/trian/, /train/] },
  {
    name: "a number that is none",
    args: ["train", "--iterations", "many"],
    status: 2,
    says: [/iterations/, /"many"/, /whole number/],
  },
  { name: "a number out of range", args: ["train", "--k", "0"], status: 2, says: [/"0"/, /1 or more/] },
  { name: "missing value", args: ["train", "--iterations"], status: 2, says: [/iterations/] },
  { name: "not one of the words", args: ["train", "--mask", "none"], status: 2, says: [/mask/, /carry/] },
  { name: "unknown algorithm", args: ["train", "--algorithm", "gru,magic"], status: 2, says: [/magic/, /meta-sgd/] },
  { name: "range upside down", args: ["train", "--alpha-range", "1,0"], status: 2, says: [/"1,0"/, /lower first/] },
  {
    name: "start outside the range",
    args: ["train", "--preset", "notebook", "--alpha-init", "5"],
    status: 2,
    says: [/5/, /0\.1/],
  },
  {
    name: "the SIMD engine on a GPU",
    before: data,
    args: ["train", "--data", "data", "--engine", "simd", "--device", "gpu"],
    status: 2,
    says: [/--engine simd --device gpu/, /processor/],
  },
  {
    name: "a GPU without the optional package",
    skip: gpuPackage,
    before: data,
    args: ["train", "--data", "data", "--device", "gpu"],
    status: 2,
    says: [/--device gpu: .*tfjs-node-gpu is not installed/, /gpu:setup/],
  },
  {
    name: "no such events file",
    args: ["prepare", "--input", "nowhere.csv", "--out", "data"],
    status: 3,
    says: [/nowhere\.csv/],
  },
  {
    name: "missing column",
    before: events,
    args: ["prepare", "--input", "events.csv", "--user", "person", "--out", "data"],
    status: 3,
    says: [/events\.csv/, /person/, /user/],
  },
  {
    name: "a time that does not parse",
    before: (folder) =>
      writeFileSync(join(folder, "events.csv"), "user,item,time\na,x,2020-01-01 00:00:00\na,y,yesterday\n"),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/events\.csv/, /row 1/, /yesterday/],
  },
  {
    name: "nobody with K + Q pairs",
    before: (folder) => writeEvents(join(folder, "events.csv"), { perUser: 5 }),
    args: ["prepare", "--input", "events.csv", "--out", "data"],
    status: 3,
    says: [/15/],
  },
  { name: "no such data folder", args: ["train", "--data", "nowhere"], status: 3, says: [/nowhere/] },
  {
    name: "truncated Parquet",
    before: (folder) => {
      data(folder);
      truncateSync(join(folder, "data", "pairs", "pairs_train.parquet"), 1000);
    },
    args: ["train", "--data", "data"],
    status: 3,
    says: [/pairs_train\.parquet/, /Parquet/],
  },
  {
    name: "an item beyond the vocabulary",
    before: (folder) => {
      data(folder);
      writeFileSync(join(folder, "data", "vocab", "course2id.json"), '{"course-0": 0, "course-1": 1}');
    },
    args: ["train", "--data", "data"],
    status: 3,
    says: [/pairs_train\.parquet/, /row/],
  },
  {
    name: "a configuration that is not JSON",
    before: (folder) => writeFileSync(join(folder, "c.json"), "{"),
    args: ["train", "--config", "c.json"],
    status: 3,
    says: [/c\.json/, /JSON/],
  },
  {
    name: "a configuration with an unknown key",
    before: (folder) => writeFileSync(join(folder, "c.json"), '{"gru_config": {"hiden_dim": 3}}'),
    args: ["train", "--config", "c.json"],
    status: 3,
    says: [/c\.json/, /hiden_dim/],
  },
  {
    name: "replacing a folder that kshot did not write",
    before: (folder) => {
      events(folder);
      mkdirSync(join(folder, "mine"));
      writeFileSync(join(folder, "mine", "thesis.txt"), "years of work");
    },
    args: ["prepare", "--input", "events.csv", "--out", "mine"],
    status: 2,
    says: [/mine/],
  },
  {
    name: "a golden file that is none",
    before: events,
    args: ["doctor", "--golden", "events.csv"],
    status: 3,
    says: [/events\.csv/, /JSON/],
  },
  {
    name: "no model",
    before: data,
    args: ["evaluate", "--model", "m.safetensors", "--data", "data"],
    status: 3,
    says: [/m\.safetensors/],
  },
];

describe("wrong use gets one paragraph and the contract's exit code, and writes nothing", () => {
  for (const { name, skip = false, before, args, status, says } of cases) {
    it.skipIf(skip)(name, () => {
      const folder = temporaryFolder();
      before?.(folder);
      const names = tree(folder);
      const done = kshot(args, folder);
      expect(done.stderr).not.toMatch(/\n\s+at /);
      for (const words of says) expect(done.stderr).toMatch(words);
      expect(done.status).toBe(status);
      expect(
        tree(folder).filter((path) => !names.includes(path) && path !== "kshot-runs" && !path.endsWith("meta.json")),
      ).toEqual([]);
      if (existsSync(join(folder, "mine"))) expect(existsSync(join(folder, "mine", "thesis.txt"))).toBe(true);
    });
  }
});

function tree(folder: string): string[] {
  return readdirSync(folder, { recursive: true }).map(String).sort();
}
