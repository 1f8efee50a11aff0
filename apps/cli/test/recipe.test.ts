import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseFile, type Results, rateAnalysisSchema, resultsSchema } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { kshot, temporaryFolder } from "./kshot.js";

it("the recipe on a campus: starts from the best tuning, never worse on validation, with the ceiling in the table", async () => {
  const folder = temporaryFolder();
  const run = async (...args: string[]) => {
    const done = await kshot(args, folder);
    expect(done.status, done.stderr).toBe(0);
    return done;
  };
  await run("synth", "--users", "300", "--out", "events");
  const files = ["--titles", "events/items.csv:item:title", "--campus", "events/campus.json"];
  await run("prepare", "--input", "events/events.csv", ...files, "--split", ".5,.25,.25", "--out", "data");
  const small = {
    gru_config: { embedding_dim: 8, hidden_dim: 12 },
    gru_training: { max_epochs: 3 },
    finetune_config: { rates: [0.03, 0.3], max_steps: 3, adapts: ["all", "biases"] },
    metasgd_config: { num_meta_iterations: 6, eval_interval: 3, meta_batch_size: 4 },
  };
  writeFileSync(join(folder, "small.json"), JSON.stringify(small));
  const algorithms = ["--algorithm", "gru-finetuned,meta-sgd,ideal"];
  const { stderr } = await run("train", "--recipe", "best", "--data", "data", "--config", "small.json", ...algorithms);
  expect(stderr).toMatch(/Meta-SGD, where to start: \d+ steps?, rate/);
  const reports = join(folder, "kshot-runs", "reports", "kshot");
  const directory = join(reports, readdirSync(reports)[0]!);
  const results = (id: string): Results => {
    const file = join(directory, "results", `${id}_K5_Q10.json`);
    return parseFile(resultsSchema, JSON.parse(readFileSync(file, "utf8")), file);
  };
  const [learned, tuned, context, ideal] = ["metasgd", "grufinetuned", "grucontext", "ideal"].map(results);
  const best = ({ history }: Results) => Math.max(...history.validation.map(({ metrics }) => metrics.mrr));
  // The kept model is at least as good as the better of the GRUs; a lucky gain of fine-tuning may be lost.
  const kept = learned!.history.validation;
  expect(kept[0]!.metrics.mrr).toBeGreaterThanOrEqual(Math.max(best(results("gru")), best(context!)) - 1e-12);
  expect(best(tuned!)).toBeGreaterThanOrEqual(best(results("gru")));
  // Few-shot figures exist at the chosen steps; the ceiling is above all methods.
  const settings = learned!.config.metasgd_config as { num_inner_steps: number; context: boolean };
  const first = (result: Results, k: number, steps: number) =>
    result.evaluations.find((e) => e.window === "first" && e.k === k && e.steps === steps)!.metrics["accuracy@1"].value;
  const few = first(learned!, 5, settings.num_inner_steps);
  expect(first(ideal!, 5, 0)).toBeGreaterThan(few);
  expect(first(ideal!, 5, 0)).toBeGreaterThan(first(ideal!, 0, 0));
  if (settings.context) expect(learned!.evaluations.some((e) => e.k === 0)).toBe(true);
  // evaluate reads the support pairs as training did, and gives the same ranks.
  const model = join(directory, "models", "grucontext", "grucontext_gru_K5.safetensors");
  await run(
    "evaluate",
    "--model",
    model,
    "--data",
    "data",
    "--split",
    "test",
    "--k",
    "0,5",
    "--steps",
    "0",
    "--out",
    "again.json",
  );
  const again = parseFile(resultsSchema, JSON.parse(readFileSync(join(folder, "again.json"), "utf8")), "again.json");
  expect(again.evaluations).toEqual(context!.evaluations);
  const analysis = parseFile(
    rateAnalysisSchema,
    JSON.parse(readFileSync(join(directory, "rate_analysis.json"), "utf8")),
    "analysis",
  );
  expect(Object.keys(analysis.gates)).toContain("gru.weight_hh_l0/z");
  expect(analysis.fastest["fc.weight"]).toHaveLength(10);
  for (const [tensor, fastest] of Object.entries(analysis.fastest)) {
    const { mean, histogram } = analysis.rows[tensor]!;
    const rows = histogram.counts.map((counts) => counts.reduce((sum, count) => sum + count, 0));
    expect(new Set(rows).size).toBe(1);
    expect(rows).toHaveLength(mean.length);
    for (const own of fastest) expect(mean[own.row]).toBeCloseTo(own.mean, 6);
    expect(Math.max(...mean)).toBe(mean[fastest[0]!.row]);
  }
  const whole = analysis.tensors["gru.weight_hh_l0"]!.histogram.counts;
  const byGate = (["r", "z", "n"] as const).map((gate) => analysis.gates[`gru.weight_hh_l0/${gate}`]!);
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  expect(byGate.reduce((sum, { histogram }) => sum + total(histogram.counts), 0)).toBe(total(whole));
  // What the analysis calls `all` is the model as it was kept, and that was validated.
  expect(kept.map(({ metrics }) => metrics.mrr)).toContain(analysis.groups.all!.mrr);
});
