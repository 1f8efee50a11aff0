import { existsSync } from "node:fs";
import fs from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { failedError } from "@kshot/contract";
import { type Beat, beat } from "./lock-beat.js";
import { beatSeconds } from "./lock-file.js";

/** A lock that this process holds. */
export class HeldLock {
  readonly #lock: string;
  readonly #text: string;
  readonly #timer: NodeJS.Timeout;
  #worker: Worker | undefined;

  constructor(lock: string, text: string) {
    this.#lock = lock;
    this.#text = text;
    // Most locks are held for milliseconds and need no heartbeat.
    this.#timer = setTimeout(() => this.#beat(), 1000);
    this.#timer.unref();
  }

  /**
   * Checks that this process still has the lock. A process that was suspended for long, or whose folder was unavailable, may have
   * lost it.
   *
   * @throws `FAILED` if another process has the lock or the lock file is missing.
   */
  async stillHeld(): Promise<void> {
    const now = await fs.readFile(this.#lock, "utf8").catch(() => undefined);
    if (now === this.#text) return;
    throw failedError({
      where: this.#lock,
      found: now === undefined ? "the lock file is missing" : `held by ${now.split("\n")[0]}`,
      expected: "the lock of this process, which works in this folder",
      todo: "This process stops, so that two processes do not write the same files; kshot train --resume continues the run",
    });
  }

  /** Releases the lock. A lock that another process has taken over is kept. */
  async release(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#worker?.terminate();
    const now = await fs.readFile(this.#lock, "utf8").catch(() => undefined);
    if (now === this.#text) await fs.rm(this.#lock, { force: true }).catch(() => {});
  }

  #beat(): void {
    const work: Beat = { lock: this.#lock, text: this.#text, everyMs: beatSeconds * 1000 };
    const file = new URL("./lock-beat.js", import.meta.url);
    // Tests run the sources, which have no compiled thread.
    if (existsSync(fileURLToPath(file))) {
      this.#worker = new Worker(file, { workerData: work, execArgv: [] });
      this.#worker.on("error", () => {});
      this.#worker.unref();
      return;
    }
    setInterval(() => beat(work), work.everyMs).unref();
  }
}
