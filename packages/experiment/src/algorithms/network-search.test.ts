import type { DataSet } from "@kshot/contract";
import { randomStream } from "@kshot/metrics";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { beforeAll, describe, expect, it, test } from "vitest";
import { temporaryFolder, tinyCampus, tinyConfig } from "../../test/tiny.js";
import { withNetworkSettings } from "../config/index.js";
import { choose, networkSettingsInWords, splitTrainPeople, withinBudget } from "./network-search.js";

const size = (embedding_dim: number, hidden_dim: number) => ({
  gru_config: { embedding_dim, hidden_dim },
  gru_training: {},
});
const config = (budget_minutes: number) =>
  tinyConfig({ network_search: { budget_minutes, settings: [size(32, 64), size(128, 256), size(64, 128)] } });

describe("which settings are tried", () => {
  // 100,000 pairs and 343 items: about 25, 218 and 68 seconds.
  const tried = (minutes: number) => withinBudget(config(minutes), 100_000, 343);

  it.each([
    [0.1, ["32/64"], ["128/256", "64/128"]],
    [2, ["32/64", "64/128"], ["128/256"]],
    [10, ["32/64", "128/256", "64/128"], []],
  ])("%d minutes: %j, without %j", (minutes, within, beyond) => {
    const found = tried(minutes);
    expect(found.within.map(networkSettingsInWords)).toEqual(within);
    expect(found.beyond.map(networkSettingsInWords)).toEqual(beyond);
  });
});

test("a setting replaces only what it names", () => {
  const base = config(1);
  const found = withNetworkSettings(base, { gru_config: { hidden_dim: 7 }, gru_training: { state_dropout: 0.2 } });
  expect(found.gru_config).toEqual({ ...base.gru_config, hidden_dim: 7 });
  expect(found.gru_training).toEqual({ ...base.gru_training, state_dropout: 0.2 });
});

describe("the held-out people", () => {
  const folder = temporaryFolder();
  let data: DataSet;
  beforeAll(async () => {
    ({ data } = await tinyCampus(folder, [0.6, 0.2, 0.2], 200));
  });

  it("are a quarter of the train people with two pairs; all others are trained on; no person is both; each pair after the first is a query", () => {
    const parts = splitTrainPeople(data, 3)!;
    const pairsOf = (own: DataSet["train"]["pairs"]) =>
      own.users.map((_, person) => own.user.filter((u) => u === person).length);
    const able = pairsOf(data.train.pairs).filter((count) => count >= 2).length;
    expect(parts.val.pairs.users.length).toBe(Math.floor(able / 4));
    expect(parts.val.windows.first.length).toBe(parts.val.pairs.length - parts.val.pairs.users.length);
    const [aside, others] = [new Set(parts.val.pairs.users), parts.train.pairs.users];
    expect(others.filter((name) => aside.has(name))).toEqual([]);
    expect([...aside, ...others].sort()).toEqual([...data.train.pairs.users].sort());
    expect(parts.train.pairs.length + parts.val.pairs.length).toBe(data.train.pairs.length);
    expect(splitTrainPeople(data, 4)!.val.pairs.users).not.toEqual(parts.val.pairs.users);
  });

  it("are null where there are fewer than 20", async () => {
    expect(
      splitTrainPeople({ ...data, train: { pairs: data.val.pairs, episodes: data.val.windows.first } }, 3),
    ).toBeNull();
  });
});

describe("the choice", () => {
  const random = randomStream(1, "no effect");
  const noise = () => uniformFloat64(random);

  it("leaves the first setting in at most one of twenty data sets without an effect", () => {
    let left = 0;
    for (let draw = 0; draw < 200; draw++) {
      const people = Array.from({ length: 60 }, noise);
      const tried = Array.from({ length: 6 }, (_, i) => {
        const own = people.map((value) => (i === 0 ? value : Math.min(1, Math.max(0, value + 0.2 * (noise() - 0.5)))));
        return { mrr: own.reduce((sum, value) => sum + value, 0) / own.length, epoch: 1, people: own };
      });
      if (choose({ tried }, draw).setting !== 0) left += 1;
    }
    // 5 % of 200 and two standard deviations of a count.
    expect(left).toBeLessThanOrEqual(16);
  });

  it("takes the best of the settings with a convincing gain", () => {
    const people = Array.from({ length: 60 }, () => 0.5 * noise());
    const shifted = (gain: number, spread: number) => {
      const own = people.map((value) => value + gain + spread * (noise() - 0.5));
      return { mrr: own.reduce((sum, value) => sum + value, 0) / own.length, epoch: 1, people: own };
    };
    const tried = [shifted(0, 0), shifted(0.02, 0.02), shifted(0.05, 0.02), shifted(0.06, 2)];
    const { setting, p, gainByChance } = choose({ tried }, 1);
    expect(setting).toBe(2);
    expect(p[1]).toBeLessThan(0.01);
    expect(gainByChance).toBeGreaterThan(0);
  });
});
