import { failedError, messageOf, usageError } from "@kshot/contract";

/** The used part of a job of BullMQ. */
export interface BullMqJob {
  readonly data: { readonly cell: number };
  extendLock(token: string, milliseconds: number): Promise<number>;
  moveToCompleted(value: null, token: string, fetchNext: false): Promise<unknown>;
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
    /** Removes the queue with all its jobs. */
    obliterate(options: { force: true }): Promise<void>;
  };
  readonly worker: {
    getNextJob(token: string, options: { block: false }): Promise<BullMqJob | undefined>;
  };
  close(): Promise<void>;
}

/** Milliseconds in which a server must answer the first request, and the last one. */
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
  return opened({ url, queue, worker, patience: lockMs }, () => connection.disconnect());
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
  return opened({ url, queue, worker, patience: lockMs }, () => {});
}

interface Listened {
  on(event: "error", listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
  close(): Promise<void>;
}

interface Opened {
  readonly url: string;
  readonly queue: Listened & BullMq["queue"];
  readonly worker: Listened & BullMq["worker"] & { startStalledCheckTimer(): Promise<void> };
  /** Milliseconds that a server may be away before a worker ends. */
  readonly patience: number;
}

async function opened({ url, queue, worker, patience: away }: Opened, end: () => void): Promise<BullMq> {
  // A broken connection is opened again. A request waits meanwhile.
  for (const one of [queue, worker]) one.on("error", () => {});
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  await worker.startStalledCheckTimer();
  const answered = <T>(request: Promise<T>) =>
    inTime(request, away).catch((cause: unknown) => {
      throw notReached(url, cause);
    });
  return {
    queue: {
      addBulk: (jobs) => answered(queue.addBulk(jobs)),
      obliterate: (options) => inTime(queue.obliterate(options)),
    },
    worker: { getNextJob: (token, options) => answered(worker.getNextJob(token, options)) },
    close: async () => {
      await inTime(Promise.allSettled([worker.close(), queue.close()])).catch(() => {});
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

/** @throws an error if the work takes longer than some milliseconds */
export function inTime<T>(work: Promise<T>, milliseconds = patience): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new Error(`no answer in ${milliseconds / 1000} seconds`)), milliseconds);
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
