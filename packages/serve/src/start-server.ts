import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { availableParallelism } from "node:os";
import { messageOf, systemCodeOf, usageError } from "@kshot/contract";
import { openSavedModel, ratesBeside, readIfThere } from "@kshot/recommend";
import { buildApp } from "./app.js";
import type { ModelFileChoice } from "./named-models.js";
import type { ServeOptions } from "./serve-options.js";
import { ThreadPool } from "./thread-pool.js";

/** A server that listens. */
export interface RunningServer {
  /** `http://localhost:8080`, with the address that it listens on. */
  readonly url: string;
  /** Stops: no new connections, all accepted requests are answered, then the threads end. */
  stop(): Promise<void>;
}

/**
 * Starts the HTTP server: `POST /v1/recommend`, `GET /v1/items`, `/healthz`, `/readyz`, `/metrics`, `/openapi.json`.
 *
 * It listens as soon as every thread has opened every model and has answered once.
 *
 * @throws `DATA` for a model that is missing or damaged, `USAGE` for an option out of range or an address that cannot be used.
 * @example
 * ```js
 * import { fileURLToPath } from "node:url";
 * import { startServer } from "@kshot/serve";
 *
 * const file = fileURLToPath(import.meta.resolve("@kshot/recommend/example/campus.safetensors"));
 * const server = await startServer({ models: [{ name: "campus", file }], workers: 1 });
 * const response = await fetch(`${server.url}/v1/recommend`, {
 *   method: "POST",
 *   headers: { "content-type": "application/json" },
 *   body: JSON.stringify({ history: ["biology-01", "biology-02"], top: 5 }),
 * });
 * console.log((await response.json()).items.length); // 5
 * await server.stop();
 * ```
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 0, queue = 100, log = () => {} } = options;
  const workers = requireCount("workers", options.workers ?? Math.min(availableParallelism(), 8), 64);
  requireCount("queue", queue, 1_000_000);
  if (options.rateLimit !== undefined) requireCount("rate limit", options.rateLimit, 1e9);
  if (options.token !== undefined && options.token.length < 16) {
    throw usageError({ where: "token", found: `${options.token.length} characters`, expected: "at least 16" });
  }
  const models = await Promise.all(options.models.map(loadModel));
  const pool = await ThreadPool.start({
    threads: workers,
    queue,
    start: { models: models.map(({ name, bytes, alpha }) => ({ name, bytes, alpha })) },
    onThreadEnd: (message) => log({ time: now(), event: "thread", message }),
  });
  const app = await buildApp({ ...options, log, pool, models });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await pool.close();
    throw usageError({
      where: `--host ${host} --port ${port}`,
      found: systemCodeOf(cause) === "EADDRINUSE" ? "the port is in use" : messageOf(cause),
      expected: "an address of this machine and a free port",
      cause,
    });
  }
  const address = app.server.address() as AddressInfo;
  const shownHost = address.family === "IPv6" ? `[${address.address}]` : address.address;
  let stopping: Promise<void> | undefined;
  return {
    url: `http://${shownHost}:${address.port}`,
    stop: () =>
      (stopping ??= (async () => {
        log({ time: now(), event: "stopping" });
        app.drain();
        await new Promise((resolve) => setTimeout(resolve, options.drain ?? 300));
        await app.close();
        await pool.close();
        log({ time: now(), event: "stopped" });
      })()),
  };
}

/** A model's bytes, shared by the threads, and its items. @throws as `openSavedModel`. */
async function loadModel({ name, file }: ModelFileChoice) {
  const { metadata } = await openSavedModel(file);
  const beside = ratesBeside(file);
  const rates = beside === undefined ? undefined : await readIfThere(beside);
  return {
    name,
    items: metadata.items,
    titles: metadata.titles,
    bytes: shared(await readFile(file)),
    alpha: rates && shared(rates.bytes),
  };
}

/** A copy that all threads read. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

function requireCount(where: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw usageError({ where, found: `${value}`, expected: `a whole number from 1 to ${most}` });
}

function now(): string {
  return new Date().toISOString();
}
