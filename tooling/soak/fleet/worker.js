import { spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { main } from "../kshot.js";

/** Why a worker on Redis may end while the server is down. */
const unreachable = /the server cannot be reached/;

/** A worker that is started again each time it is killed, as a supervisor does, until it ends by itself. */
export class SupervisedWorker {
  /** Times that it found no server. */
  unreachable = 0;
  /** Exit codes that a worker may not have, with what it printed. */
  wrong = [];
  #args;
  #cwd;
  #child;

  /** @param {readonly string[]} args @param {string} cwd */
  constructor(args, cwd) {
    this.#args = args;
    this.#cwd = cwd;
    this.ended = this.#run();
  }

  async #run() {
    const { INIT_CWD, npm_lifecycle_event, ...env } = process.env;
    for (;;) {
      const options = { cwd: this.#cwd, env, detached: true, stdio: ["ignore", "ignore", "pipe"] };
      this.#child = spawn(process.execPath, [main, ...this.#args], options);
      let text = "";
      this.#child.stderr.setEncoding("utf8").on("data", (more) => {
        text = `${text}${more}`.slice(-4000);
      });
      const [code, signal] = await new Promise((end) => this.#child.once("exit", (...how) => end(how)));
      if (code === 0) return;
      if (signal === "SIGKILL") continue;
      if (code === 1 && unreachable.test(text)) this.unreachable++;
      else {
        this.wrong.push(`${this.#args.join(" ")}: ${signal ?? `exit code ${code}`}: ${text}`);
        if (this.wrong.length > 3) return;
      }
      await new Promise((next) => setTimeout(next, 300));
    }
  }

  /** The number of its process now; undefined if it has ended. */
  get pid() {
    const { pid, exitCode, signalCode } = this.#child;
    return exitCode === null && signalCode === null ? pid : undefined;
  }

  /** The process of its cell; undefined if it computes none. */
  get cell() {
    return this.pid === undefined ? undefined : processes().find(({ parent }) => parent === this.pid)?.pid;
  }

  /** Sends a signal to its process (`worker`), the process of its cell (`cell`), or both (`both`). Returns whether there was one. */
  signal(name, to) {
    const target = to === "cell" ? this.cell : this.pid;
    if (target === undefined) return false;
    try {
      process.kill(to === "both" ? -target : target, name);
      return true;
    } catch {
      return false;
    }
  }
}

/** All processes, their parents and working folders (Linux). */
export function processes() {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const [state, parent] = readFileSync(`/proc/${name}/stat`, "utf8").split(") ").at(-1).split(" ");
      if (state === "Z") return [];
      return [{ pid: Number(name), parent: Number(parent), folder: readlinkSync(`/proc/${name}/cwd`) }];
    } catch {
      return [];
    }
  });
}
