import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Golden } from "@kshot/contract/schemas";
import { simdBuilds } from "@kshot/gru-simd";
import { backendInstalled, backendNames } from "@kshot/tensor-fn";
import { describe, expect, it, onTestFinished } from "vitest";
import { builtInGolden, doctor, goldenQuantities } from "./doctor.js";
import { enginesUnderTest } from "./doctor-engines.js";

const silent = () => {};

/** The built-in golden file with one thing changed. */
function spoiled(change: (golden: Golden) => void): string {
  const golden = JSON.parse(readFileSync(builtInGolden(), "utf8")) as Golden;
  change(golden);
  const folder = mkdtempSync(join(tmpdir(), "kshot-doctor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "spoiled.json");
  writeFileSync(file, JSON.stringify(golden));
  return file;
}

describe("doctor", () => {
  it("finds every quantity within tolerance on every engine, SIMD builds and TensorFlow.js backends", async () => {
    const rows = await doctor({ files: [builtInGolden()], progress: silent });
    const tensorBackends = backendNames.filter(backendInstalled).map((backend) => `tensor/${backend}`);
    const engines = [...new Set(rows.map((row) => `${row.engine}/${row.backend}`))];
    expect(engines).toEqual([...simdBuilds().map((build) => `simd/${build}`), ...tensorBackends]);
    expect(engines).toEqual(expect.arrayContaining(["simd/simd", "tensor/cpu", "tensor/wasm"]));
    expect(rows).toHaveLength(engines.length * goldenQuantities.length);
    for (const row of rows) expect(row.ok, `${row.backend} ${row.quantity} ${row.relativeError}`).toBe(true);
  });

  it.each([
    ["dAlpha", (golden: Golden) => scale(golden.meta.secondOrder.dAlpha, 1.0001)],
    ["dThetaFirstOrder", (golden: Golden) => scale(golden.meta.firstOrder.dTheta, 1.0001)],
    ["hessianVectorProduct", (golden: Golden) => scale(golden.support0.hessianVectorProduct, 0.9999)],
    ["trainingTheta", (golden: Golden) => scale(golden.training.theta, 1.01)],
  ] as const)("fails %s alone where its golden value is a little off", async (quantity, change) => {
    const rows = await doctor({
      files: [spoiled(change)],
      engines: (await enginesUnderTest()).slice(0, 1),
      progress: silent,
    });
    expect(rows.filter((row) => !row.ok).map((row) => row.quantity)).toEqual([quantity]);
  });

  it("refuses a file whose tensors do not fit its configuration", async () => {
    const file = spoiled((golden) => golden.theta["fc.bias"]!.pop());
    await expect(doctor({ files: [file], progress: silent })).rejects.toThrow(
      /theta: 16 values in fc\.bias.*17 values/,
    );
  });
});

function scale(parameters: Record<string, number[]>, factor: number): void {
  for (const values of Object.values(parameters)) {
    for (let i = 0; i < values.length; i++) values[i]! *= factor;
  }
}
