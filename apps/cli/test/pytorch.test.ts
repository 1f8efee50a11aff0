import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openRecommender } from "@kshot/recommend";
import { expect, it } from "vitest";
import { kshot, temporaryFolder } from "./kshot.js";

const script = fileURLToPath(new URL("../../../examples/pytorch/train_gru.py", import.meta.url));
const python = process.env.PYTHON ?? "python3";
const { status: torchStatus } = spawnSync(python, ["-c", "import torch"]);
if (torchStatus !== 0) {
  console.error(
    "SKIPPED: python3 has no torch (Debian: apt install python3-torch; PYTHON names another Python), so no model of PyTorch is imported.",
  );
}

it.skipIf(torchStatus !== 0).each([1, 2])(
  "examples/pytorch, %i layers: scores of PyTorch and kshot are equal to 1e-5 for histories of 1 to 50 items",
  async (layers) => {
    const folder = temporaryFolder();
    expect((await kshot(["synth", "--users", "80", "--items", "40", "--out", "campus"], folder)).status).toBe(0);
    const trained = spawnSync(python, [script, join(folder, "campus/events.csv"), join(folder, "out"), `${layers}`], {
      encoding: "utf8",
    });
    expect(trained.status, trained.stderr).toBe(0);
    const files = ["--weights", "out/weights.safetensors", "--items", "out/items.json"];
    const done = await kshot(["import", ...files, "--out", "model.safetensors"], folder);
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toMatch(new RegExp(`40 items, embedding 16, hidden 24, ${layers} layer`));
    const asked = JSON.parse(readFileSync(join(folder, "out/logits.json"), "utf8")) as {
      history: string[];
      logits: Record<string, number>;
    }[];
    expect(asked.map(({ history }) => history.length)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    const recommender = await openRecommender(join(folder, "model.safetensors"));
    const answers = await recommender.recommendMany(
      asked.map(({ history }) => history),
      { top: 40 },
    );
    recommender.close();
    let most = 0;
    for (const [i, { items }] of answers.entries()) {
      expect(items.length).toBe(40);
      for (const { item, score } of items) most = Math.max(most, Math.abs(score - asked[i]!.logits[item]!));
    }
    console.log(`${layers} layers: largest difference ${most.toExponential(1)}`);
    expect(most).toBeLessThan(1e-5);
    writeFileSync(join(folder, "history.json"), JSON.stringify(asked[9]!.history));
    const args = ["--model", "model.safetensors", "--history-file", "history.json", "--top", "40", "--json"];
    const { stdout } = await kshot(["recommend", ...args], folder);
    expect(JSON.parse(stdout).items).toEqual(answers[9]!.items);
  },
);
