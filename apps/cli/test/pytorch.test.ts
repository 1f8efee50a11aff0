import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { keptFolder, kshot } from "./kshot.js";

const script = fileURLToPath(new URL("../../../examples/pytorch/train_gru.py", import.meta.url));
const python = process.env.PYTHON ?? "python3";
const { status: torchStatus } = spawnSync(python, ["-c", "import torch"]);
if (torchStatus !== 0) {
  console.error(
    "SKIPPED: python3 has no torch (Debian: apt install python3-torch; PYTHON names another Python), so no model of PyTorch is imported.",
  );
}

it.skipIf(torchStatus !== 0)("examples/pytorch: scores of PyTorch and kshot are equal to 1e-5", async () => {
  const folder = keptFolder();
  expect((await kshot(["synth", "--users", "80", "--items", "40", "--out", "campus"], folder)).status).toBe(0);
  const trained = spawnSync(python, [script, join(folder, "campus/events.csv"), join(folder, "out")], {
    encoding: "utf8",
  });
  expect(trained.status, trained.stderr).toBe(0);
  const files = ["--weights", "out/weights.safetensors", "--items", "out/items.json"];
  const done = await kshot(["import", ...files, "--out", "model.safetensors"], folder);
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout).toMatch(/40 items, embedding 16, hidden 24, 2 layers/);
  const asked = JSON.parse(readFileSync(join(folder, "out/logits.json"), "utf8")) as {
    history: string[];
    logits: Record<string, number>;
  }[];
  expect(asked.length).toBe(5);
  for (const { history, logits } of asked) {
    writeFileSync(join(folder, "history.json"), JSON.stringify(history));
    const args = ["--model", "model.safetensors", "--history-file", "history.json", "--top", "40", "--json"];
    const { stdout } = await kshot(["recommend", ...args], folder);
    const { items } = JSON.parse(stdout) as { items: { item: string; score: number }[] };
    expect(items.length).toBe(40);
    for (const { item, score } of items) expect(Math.abs(score - logits[item]!), item).toBeLessThan(1e-5);
  }
});
