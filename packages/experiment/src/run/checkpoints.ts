import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import {
  type AlgorithmName,
  algorithmId,
  type DataSet,
  dataError,
  type ParameterLayout,
  type ParameterVector,
} from "@kshot/contract";
import type { CheckpointMetadata, Config } from "@kshot/contract/schemas";
import { gruParameterLayout } from "@kshot/gru-layout";
import { readCheckpoint, removeFile, type Tensor, vectorFrom, writeCheckpoint } from "@kshot/store";
import { isMetaLearner } from "../algorithm-table.js";
import { modelShape } from "../config/engine.js";
import { decidingConfig } from "../config/settings.js";
import type { StateMetadata, StoredState } from "./stored-state.js";

/** Seconds between two checkpoints that nobody asked for: what a power cut may cost. */
const secondsBetween = 20;

/**
 * The checkpoints of one training, `models/<id>/checkpoints/`: `<id>_checkpoint_<iteration>` at each checkpoint interval, which
 * stay, and `<id>_latest`, written over every few seconds and when training is stopped, gone once results are written.
 */
export class Checkpoints {
  readonly #directory: string;
  readonly #id: string;
  readonly #layout: ParameterLayout;
  #written: number;

  constructor(
    runDir: string,
    private readonly algorithm: AlgorithmName,
    private readonly config: Config,
    private readonly data: DataSet,
    private readonly seconds: () => number,
  ) {
    this.#id = algorithmId(algorithm);
    this.#directory = join(runDir, "models", this.#id, "checkpoints");
    this.#layout = gruParameterLayout(modelShape(config, data.items.length));
    this.#written = seconds();
  }

  /** Whether so much time went by that one should be written. */
  due(): boolean {
    return this.seconds() - this.#written >= secondsBetween;
  }

  /** Writes a state: under its iteration's number, which stays, or as the latest. */
  async save(number: number | null, vectors: StoredState[0], state: StateMetadata): Promise<void> {
    const file =
      number === null ? this.#latest() : join(this.#directory, `${this.#id}_checkpoint_${number}.safetensors`);
    await writeCheckpoint(file, this.#layout, { vectors, metadata: { ...this.#origin(), ...state } });
    this.#written = this.seconds();
  }

  /**
   * The state that went furthest, or undefined.
   *
   * @throws `DATA` for a file that is broken, or of another model, configuration or data.
   */
  async latest(): Promise<StoredState | undefined> {
    if (!existsSync(this.#directory)) return undefined;
    const pattern = new RegExp(`^${this.#id}_checkpoint_(\\d+)\\.safetensors$`);
    const numbers = (await readdir(this.#directory)).flatMap((name) => pattern.exec(name)?.[1] ?? []).map(Number);
    const states: StoredState[] = [];
    if (existsSync(this.#latest())) states.push(await this.#read(this.#latest()));
    if (numbers.length > 0) {
      const file = `${this.#id}_checkpoint_${Math.max(...numbers)}.safetensors`;
      states.push(await this.#read(join(this.#directory, file)));
    }
    return states.sort(([, a], [, b]) => b.iteration - a.iteration)[0];
  }

  /** Training is over and its results are kept. */
  async removeLatest(): Promise<void> {
    await removeFile(this.#latest());
  }

  #latest(): string {
    return join(this.#directory, `${this.#id}_latest.safetensors`);
  }

  #origin(): Pick<CheckpointMetadata, "format" | "algorithm" | "config" | "items" | "dataFingerprint"> {
    return {
      format: "kshot.checkpoint/1",
      algorithm: this.algorithm,
      config: decidingConfig(this.config),
      items: [...this.data.items],
      dataFingerprint: this.data.fingerprint,
    };
  }

  async #read(file: string): Promise<StoredState> {
    const { tensors, metadata } = await readCheckpoint(file);
    const { format, algorithm, config, items, dataFingerprint, ...state } = metadata;
    if (dataFingerprint !== this.data.fingerprint) {
      throw dataError({
        where: file,
        found: `a checkpoint of the data ${dataFingerprint.slice(0, 12)}…`,
        expected: `${this.data.fingerprint.slice(0, 12)}…, the fingerprint of the data folder`,
        todo: "Resume with the data that the run was started with",
      });
    }
    const expected = this.#origin();
    for (const [key, found, wanted] of differences(
      { algorithm, ...config },
      { ...expected.config, algorithm: expected.algorithm },
    )) {
      throw dataError({
        where: `${file}, setting ${key}`,
        found: JSON.stringify(found),
        expected: `${JSON.stringify(wanted)}, as the run's config.json has`,
        todo: "Restore config.json, or start a new run",
      });
    }
    return [readStoredVectors(tensors, metadata, this.#layout, file), state];
  }
}

/** A checkpoint's vectors by name. @throws `DATA` for one that is missing or has another shape. */
export function readStoredVectors(
  tensors: readonly Tensor[],
  { algorithm, best }: Pick<CheckpointMetadata, "algorithm" | "best">,
  layout: ParameterLayout,
  file: string,
): Record<string, ParameterVector> {
  const vectors: Record<string, ParameterVector> = {};
  for (const [name, own] of Object.entries(byVector(tensors))) {
    const float64 = own[0]!.values instanceof Float64Array;
    const empty = (size: number): ParameterVector => (float64 ? new Float64Array(size) : new Float32Array(size));
    vectors[name] = vectorFrom(own, layout, file, `${name}/`, empty);
  }
  const needed = ["theta", "theta.firstMoment", "theta.secondMoment", ...(best ? ["best.theta"] : [])];
  const rates = ["alpha", "alpha.firstMoment", "alpha.secondMoment", ...(best ? ["best.alpha"] : [])];
  for (const name of isMetaLearner(algorithm) ? [...needed, ...rates] : needed) {
    if (vectors[name]) continue;
    throw dataError({
      where: file,
      found: `no tensors ${name}/…; the file holds ${Object.keys(vectors).join(", ") || "none"}`,
      expected: "a training's whole state",
    });
  }
  return vectors;
}

/** Tensors by the vector they belong to: `<vector>/<tensor>`. */
function byVector(tensors: readonly Tensor[]): Record<string, Tensor[]> {
  const groups: Record<string, Tensor[]> = {};
  for (const tensor of tensors) (groups[tensor.name.split("/")[0]!] ??= []).push(tensor);
  return groups;
}

/** Keys whose values differ, groups key by key: `gru_config.hidden_dim`. */
function differences(found: object, wanted: object, under = ""): [key: string, found: unknown, wanted: unknown][] {
  const keys = [...new Set([...Object.keys(found), ...Object.keys(wanted)])];
  return keys.flatMap((key) => {
    const [a, b] = [found, wanted].map((side) => (side as Record<string, unknown>)[key]);
    if (isDeepStrictEqual(a, b)) return [];
    const nested = [a, b].every((value) => typeof value === "object" && value !== null && !Array.isArray(value));
    return nested
      ? differences(a as object, b as object, `${under}${key}.`)
      : [[`${under}${key}`, a, b] as [string, unknown, unknown]];
  });
}
