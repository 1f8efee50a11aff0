import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { failedError, KshotError } from "@kshot/contract";
import type { Progress } from "@kshot/experiment";
import type { CellOutcome, CellRequest, FromCell, ToCell } from "./messages.js";

/** A cell that failed, and whether this machine is the reason. */
export class CellError extends Error {
  constructor(
    readonly error: KshotError,
    readonly machine: boolean,
  ) {
    super(error.message);
  }
}

/** A child process that computes cells one after the other. */
export class CellRunner {
  #child: ChildProcess | undefined;

  /**
   * Computes a cell.
   *
   * @param signal - when it is aborted, the current iteration is finished and a checkpoint is written
   * @throws `CellError`
   */
  async run(request: CellRequest, progress: Progress, signal: AbortSignal): Promise<CellOutcome> {
    const child = (this.#child ??= start());
    const stop = () => child.send({ type: "stop" } satisfies ToCell, () => {});
    signal.addEventListener("abort", stop);
    try {
      return await new Promise<CellOutcome>((done, fail) => {
        const onMessage = (message: FromCell) => {
          if (message.type === "progress") return progress(message.event);
          child.off("message", onMessage);
          child.off("exit", onExit);
          if (message.type === "done") done(message.outcome);
          else fail(new CellError(new KshotError(message.code, message.parts), message.machine));
        };
        const onExit = (code: number | null, ended: string | null) => {
          if (this.#child === child) this.#child = undefined;
          const found = `its process ended ${ended === null ? `with exit code ${code}` : `by ${ended}`}`;
          const todo =
            ended === "SIGKILL"
              ? "If the memory was used up, compute fewer cells at the same time (--workers)"
              : undefined;
          fail(
            new CellError(failedError({ found, expected: "a result", ...(todo === undefined ? {} : { todo }) }), false),
          );
        };
        child.on("message", onMessage);
        child.once("exit", onExit);
        child.send({ type: "run", request } satisfies ToCell, (error) => {
          if (error) fail(new CellError(failedError({ found: error.message, cause: error }), false));
        });
        if (signal.aborted) stop();
      });
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  /** Ends the child at once; the next cell gets a new one. */
  kill(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}

function start(): ChildProcess {
  const beside = new URL("./cell-process.js", import.meta.url);
  // Tests run the sources; Node runs only the compiled files.
  const file = existsSync(fileURLToPath(beside))
    ? beside
    : new URL("../../dist/process/cell-process.js", import.meta.url);
  return fork(fileURLToPath(file), [], {
    // This process is started by kshot: in Node 20 the multiply-add instructions need a flag
    // (docs/decisions/2026-11-25-multiply-add.md).
    execArgv: Number.parseInt(process.versions.node, 10) < 22 ? ["--experimental-wasm-relaxed-simd"] : [],
    env: cellEnvironment(process.env),
    stdio: ["ignore", 2, 2, "ipc"],
    serialization: "advanced",
  });
}

/**
 * The environment of a process that computes cells. glibc keeps freed blocks of up to 32 MiB; with these settings it gives back
 * those of 1 MiB or more, and a cell takes about 35 MB less in the same time. Other systems ignore them, and the user's own come first.
 */
export function cellEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const mebibyte = `${2 ** 20}`;
  return {
    ...{ MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: mebibyte, MALLOC_TRIM_THRESHOLD_: mebibyte },
    ...own,
  };
}
