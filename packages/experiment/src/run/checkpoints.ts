import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { algorithmTitle } from "@kshot/comparison";
import { type AlgorithmName, type DataSet, dataError, KshotError, type ParameterLayout } from "@kshot/contract";
import type { CheckpointMetadata, Config } from "@kshot/contract/schemas";
import { allFinite, gruParameterLayout } from "@kshot/gru-layout";
import { type HeldLock, readCheckpoint, removeFile, writeCheckpoint } from "@kshot/store";
import type { StoredState, TrainingCheckpoints } from "../algorithms/index.js";
import { decidingConfig, modelShape, requireSettings } from "../config/index.js";
import type { Progress } from "../progress.js";
import { readStoredVectors } from "./checkpoint-vectors.js";
import {
  checkpointFolder,
  checkpointIteration,
  isLatestCheckpoint,
  latestCheckpoint,
  numberedCheckpoint,
} from "./run-files.js";

/** Seconds between two automatic checkpoints: the largest loss after a power failure. */
const secondsBetween = 20;

/** Removes the latest checkpoints of an algorithm whose results are written; the numbered ones stay. */
export async function removeLatestCheckpoints(runDir: string, algorithm: AlgorithmName): Promise<void> {
  const folder = join(runDir, checkpointFolder(algorithm));
  const names = existsSync(folder) ? await readdir(folder) : [];
  for (const name of names) if (isLatestCheckpoint(algorithm, name)) await removeFile(join(folder, name));
}

/** The training of the checkpoints. */
export interface CheckpointedTraining {
  /** The run's folder. */
  readonly directory: string;
  readonly algorithm: AlgorithmName;
  /** Which of the algorithm's trainings, if it has several; such a training has no numbered checkpoints. */
  readonly part?: "joint" | "meta" | `network_${number}`;
  readonly config: Config;
  readonly data: DataSet;
  /** Seconds of a monotonic clock. */
  readonly seconds: () => number;
  readonly progress: Progress;
  /** The lock of the run's folder: files of another process that took it over are not replaced. */
  readonly lock: Pick<HeldLock, "stillHeld">;
}

/**
 * The checkpoints of one training, in `models/<id>/checkpoints/`: `<id>_checkpoint_<iteration>` at each checkpoint interval,
 * which are kept, and `<id>_latest`, replaced every 20 seconds and when training is stopped, and removed after results are
 * written.
 */
export class Checkpoints implements TrainingCheckpoints {
  readonly #training: CheckpointedTraining;
  readonly #folder: string;
  readonly #latest: string;
  readonly #layout: ParameterLayout;
  #written: number;

  constructor(training: CheckpointedTraining) {
    const { directory, algorithm, part, config, data, seconds } = training;
    this.#training = training;
    this.#folder = join(directory, checkpointFolder(algorithm));
    this.#latest = join(this.#folder, latestCheckpoint(algorithm, part));
    this.#layout = gruParameterLayout(modelShape(config, data.items.length));
    this.#written = seconds();
  }

  due(): boolean {
    return this.#training.seconds() - this.#written >= secondsBetween;
  }

  /** Writes the state. A diverged one, with a value that is not finite, is not written: the good checkpoint before it stays. */
  async save(number: number | null, [vectors, state]: StoredState): Promise<void> {
    const { algorithm, part, seconds, progress } = this.#training;
    const bad = Object.entries(vectors).find(([, vector]) => !allFinite(vector));
    if (bad !== undefined) {
      progress({
        type: "note",
        text: `${algorithmTitle(algorithm)}: no checkpoint of iteration ${state.iteration} is written, because ${bad[0]} has a value that is not finite. The checkpoint before it is kept. Try a smaller --outer-lr or --alpha-init.`,
      });
      this.#written = seconds();
      return;
    }
    const file =
      number === null || part !== undefined ? this.#latest : join(this.#folder, numberedCheckpoint(algorithm, number));
    await this.#training.lock.stillHeld();
    await writeCheckpoint(file, this.#layout, { vectors, metadata: { ...this.#origin(), ...state } });
    this.#written = seconds();
  }

  /**
   * The latest state. A damaged file is skipped with a note, and the one before it is used.
   *
   * @throws `DATA` if all are damaged, or for a checkpoint of another model, configuration or data.
   */
  async latest(): Promise<StoredState | undefined> {
    if (!existsSync(this.#folder)) return undefined;
    const { algorithm, part } = this.#training;
    const numbers = (await readdir(this.#folder)).flatMap((name) => checkpointIteration(algorithm, name) ?? []);
    const numbered =
      part !== undefined
        ? []
        : numbers.sort((a, b) => b - a).map((n) => join(this.#folder, numberedCheckpoint(algorithm, n)));
    const damage: unknown[] = [];
    const pass = (error: unknown) => {
      if (!KshotError.isInstance(error) || error.code !== "DATA") throw error;
      damage.push(error);
      this.#training.progress({ type: "note", text: `A damaged checkpoint is skipped. ${error.message}` });
    };
    const whole = async (files: readonly string[]): Promise<StoredState | undefined> => {
      for (const file of files) {
        const checkpoint = await readCheckpoint(file).catch(pass);
        if (checkpoint === undefined) continue;
        const state = this.#stateOf(checkpoint.metadata, file);
        try {
          return [readStoredVectors(checkpoint.tensors, checkpoint.metadata, this.#layout, file), state];
        } catch (error) {
          pass(error);
        }
      }
      return undefined;
    };
    const latest = await whole(existsSync(this.#latest) ? [this.#latest] : []);
    const before = await whole(numbered);
    const states = [latest, before].filter((state) => state !== undefined);
    if (states.length === 0 && damage.length > 0) throw damage[0];
    return states.sort(([, a], [, b]) => b.iteration - a.iteration)[0];
  }

  #origin(): Pick<CheckpointMetadata, "format" | "algorithm" | "config" | "items" | "dataFingerprint"> {
    const { algorithm, config, data } = this.#training;
    return {
      format: "kshot.checkpoint/1",
      algorithm,
      config: decidingConfig(config),
      items: [...data.items],
      dataFingerprint: data.fingerprint,
    };
  }

  /** The part of the metadata that is the training's state. @throws `DATA` for a checkpoint of other data or settings. */
  #stateOf(metadata: CheckpointMetadata, file: string): StoredState[1] {
    const { data } = this.#training;
    const { format, algorithm, config, items, dataFingerprint, ...state } = metadata;
    if (dataFingerprint !== data.fingerprint) {
      throw dataError({
        where: file,
        found: `a checkpoint of the data ${dataFingerprint.slice(0, 12)}…`,
        expected: `${data.fingerprint.slice(0, 12)}…, the fingerprint of the data folder`,
        todo: "Resume with the data that the run was started with",
      });
    }
    const wanted = this.#origin();
    requireSettings(file, { algorithm, ...config }, { algorithm: wanted.algorithm, ...wanted.config });
    return state;
  }
}
