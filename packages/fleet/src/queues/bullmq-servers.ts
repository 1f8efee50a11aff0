import { failedError, messageOf, usageError } from "@kshot/contract";

/** The used part of a job of BullMQ. */
export interface BullMqJob {
  readonly data: { readonly cell: number };
  extendLock(token: string, milliseconds: number): Promise<number>;
  moveToCompleted(value: null, token: string, fetchNext: false): Promise<unknown>;
  moveToDelayed(timestamp: number, token: string): Promise<void>;
}

/** The used part of BullMQ, for both servers. */
export interface BullMq {
  readonly queue: {
    addBulk(
      jobs: {
        name: string;
        data: { cell: number };
        opts: { jobId: string; removeOnComplete: true; removeOnFail: true };
      }[],
    ): Promise<unknown>;
  };
  readonly worker: {
    getNextJob(token: string, options: { block: false }): Promise<BullMqJob | undefined>;
  };
  close(): Promise<void>;
}

/** Milliseconds in which a server must answer the first request. */
const patience = 5000;

/** A killed worker is not a failure: its job is offered again every time. */
const options = (lockMs: number) => ({
  ...{ autorun: false, lockDuration: lockMs, stalledInterval: Math.max(1000, lockMs / 2), maxStalledCount: 1_000_000 },
  skipLockRenewal: true,
});

/**
 * BullMQ on Redis 6.2 or later.
 *
 * @param url - `redis://` or `rediss://`
 * @throws `USAGE` if bullmq or ioredis is not installed, `FAILED` if the server does not answer.
 */
export async function onRedis(url: string, name: string, lockMs: number): Promise<BullMq> {
  const { Queue, Worker } = await loaded("bullmq and ioredis", () => import("bullmq"));
  const { Redis } = await loaded("bullmq and ioredis", () => import("ioredis"));
  const first = new Redis(url, {
    lazyConnect: true,
    connectTimeout: patience,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let why: unknown;
  first.on("error", (error: unknown) => {
    why = error;
  });
  try {
    await inTime(first.connect().then(() => first.ping()));
  } catch (cause) {
    throw notReached(url, why ?? cause);
  } finally {
    first.disconnect();
  }
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  connection.on("error", () => {});
  const queue = new Queue(name, { connection });
  const worker = new Worker(name, null, { connection, ...options(lockMs) });
  return opened(queue, worker, () => connection.disconnect());
}

/**
 * BullMQ on PostgreSQL 13 or later; missing tables are created in the schema `bullmq`.
 *
 * @param url - `postgres://`
 * @throws `USAGE` if bullmq or pg is not installed, `FAILED` if the server does not answer.
 */
export async function onPostgres(url: string, name: string, lockMs: number): Promise<BullMq> {
  const { createPostgresBackend, withBackend } = await loaded("bullmq and pg", () => import("bullmq"));
  const { default: pg } = await loaded("bullmq and pg", () => import("pg"));
  const first = new pg.Client({ connectionString: url, connectionTimeoutMillis: patience });
  try {
    await inTime(first.connect());
    await first.query("SELECT 1");
  } catch (cause) {
    throw notReached(url, cause);
  } finally {
    await first.end().catch(() => {});
  }
  const { Queue, Worker } = withBackend(createPostgresBackend);
  const connection = { connectionString: url, migrate: true };
  const queue = new Queue<{ cell: number }>(name, { connection });
  const worker = new Worker<{ cell: number }>(name, null, { connection, ...options(lockMs) });
  return opened(queue, worker, () => {});
}

interface Opened {
  on(event: "error", listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

async function opened(
  queue: Opened & BullMq["queue"],
  worker: Opened & BullMq["worker"] & { startStalledCheckTimer(): Promise<void> },
  end: () => void,
): Promise<BullMq> {
  // A broken connection is opened again. A request that fails meanwhile throws in its own call.
  for (const one of [queue, worker]) one.on("error", () => {});
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  await worker.startStalledCheckTimer();
  return {
    queue,
    worker,
    close: async () => {
      await Promise.allSettled([worker.close(), queue.close()]);
      end();
    },
  };
}

async function loaded<T>(packages: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw usageError({
      where: "--queue",
      found: `${packages} cannot be loaded`,
      expected: "these optional packages of @kshot/fleet",
      todo: `Install them: npm install ${packages.replace(" and ", " ")}`,
      cause,
    });
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer in ${patience / 1000} seconds`)), patience);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function notReached(url: string, cause: unknown) {
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause;
  return failedError({
    where: `--queue ${withoutPassword(url)}`,
    found: `the server cannot be reached: ${messageOf(inner)}`,
    expected: "a server that answers",
    todo: "Check address, password and network, or use --queue folder",
    cause,
  });
}

/** An address without its password, for messages. */
function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^:@/]*):[^@/]*@/, "$1:…@");
}
