import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A server that a test has started, on the loopback address. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** Says once that tests are left out, and why. */
export function skipped(what: string): void {
  console.error(`SKIPPED: ${what}`);
}

/** Whether redis-server is installed. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

/** The folder of PostgreSQL's programs; undefined if they are not installed, or this user may not become another. */
export const postgresPrograms = ((): string | undefined => {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").sort() : [];
  const found = versions.at(-1);
  if (found === undefined) return undefined;
  // It refuses to run as root; Debian's package has a user for it.
  const allowed = process.getuid?.() !== 0 || spawnSync("su", ["postgres", "-c", "true"]).status === 0;
  return allowed ? join("/usr/lib/postgresql", found, "bin") : undefined;
})();

/** A port of the loopback address that nothing listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function until(ready: () => boolean): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 50) {
    if (ready()) return;
    await sleep(50);
  }
  throw new Error("the server did not start");
}

/** Starts a Redis that keeps nothing. */
export async function startRedis(folder: string): Promise<Server> {
  const port = await freePort();
  mkdirSync(folder, { recursive: true });
  const child: ChildProcess = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
    { stdio: "ignore" },
  );
  await until(() => spawnSync("redis-cli", ["-p", String(port), "ping"], { encoding: "utf8" }).stdout.includes("PONG"));
  return {
    url: `redis://localhost:${port}`,
    stop: async () => {
      const ended = new Promise((done) => child.once("exit", done));
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Starts a PostgreSQL with a separate database. */
export async function startPostgres(programs: string): Promise<Server> {
  const port = await freePort();
  // A separate folder: the database's user cannot access those of the test.
  const folder = mkdtempSync(join(tmpdir(), "kshot-postgres-"));
  const data = join(folder, "pg");
  const root = process.getuid?.() === 0;
  if (root) execFileSync("chown", ["postgres", folder]);
  const run = (...command: string[]) => {
    const line = command.map((word) => `'${word}'`).join(" ");
    if (root) execFileSync("su", ["postgres", "-c", line], { stdio: "ignore", cwd: folder });
    else execFileSync("sh", ["-c", line], { stdio: "ignore", cwd: folder });
  };
  run(join(programs, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-N");
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`;
  run(join(programs, "pg_ctl"), "-w", "-D", data, "-l", join(folder, "log"), "-o", options, "start");
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      run(join(programs, "pg_ctl"), "-D", data, "-m", "immediate", "stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
