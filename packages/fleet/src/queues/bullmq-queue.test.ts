import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "@kshot/contract/schemas";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../test/tiny-suite.js";
import { bullMqQueue } from "./bullmq-queue.js";
import type { BullMq, BullMqJob } from "./bullmq-servers.js";
import { folderQueue } from "./folder-queue.js";
import { openQueue } from "./open-queue.js";

// The queue over a server in memory with BullMQ's rules; the tests of the command line use Redis and PostgreSQL.

const folder = temporaryFolder();
const plan = {
  ...{ format: "kshot.plan/1", id: "0123456789abcdef", version: "1.2.3", tries: 3, lease: 60 },
  cells: ["a", "b"].map((name) => ({ name, needs: [] })),
  work: { kind: "suite", project: ".", data: "data", choices: [null, null] },
} as Plan;

/** Waiting cells and locks by cell; a job is known once. */
function memoryServer() {
  const waiting: number[] = [];
  const locks = new Map<number, string>();
  const state = { reachable: true };
  const job = (cell: number): BullMqJob => {
    const locked = (token: string) => {
      if (!state.reachable) throw new Error("Connection is closed.");
      if (locks.get(cell) !== token) throw new Error(`Missing lock for job cell-${cell}`);
    };
    return {
      data: { cell },
      async extendLock(token) {
        locked(token);
        return 1;
      },
      async moveToCompleted(_, token) {
        locked(token);
        locks.delete(cell);
      },
    };
  };
  const open = async (): Promise<BullMq> => ({
    queue: {
      async addBulk(jobs) {
        for (const { data } of jobs) if (!waiting.includes(data.cell) && !locks.has(data.cell)) waiting.push(data.cell);
      },
      async obliterate() {
        if (!state.reachable) throw new Error("Connection is closed.");
        waiting.length = 0;
        locks.clear();
      },
    },
    worker: {
      async getNextJob(token) {
        const cell = waiting.shift();
        if (cell === undefined) return undefined;
        locks.set(cell, token);
        return job(cell);
      },
    },
    close: async () => {},
  });
  return { waiting, locks, state, open };
}

const opened = (name: string, { open }: ReturnType<typeof memoryServer>) =>
  bullMqQueue({ directory: join(folder, name), plan }, open);

it("each cell goes to one worker; a returned one is offered again; one that is not ready any more is ended", async () => {
  const server = memoryServer();
  const [one, other] = [await opened("each", server), await opened("each", server)];
  const first = await one.claim([0, 1]);
  const second = await other.claim([0, 1]);
  expect([first?.cell, second?.cell]).toEqual([0, 1]);
  expect(await one.claim([0, 1])).toBeNull();
  await one.fail(first!);
  const again = await one.claim([0]);
  expect(again?.cell).toBe(0);
  await one.done(again!);
  await other.done(second!);
  expect([server.waiting, [...server.locks]]).toEqual([[], []]);
  server.waiting.push(0);
  expect((await one.claim([1]))?.cell).toBe(1);
  expect(server.waiting).toEqual([]);
});

it("a claim is lost with the lease in the folder, not with a lock at the server or with the server", async () => {
  const server = memoryServer();
  const queue = await opened("lost", server);
  const claim = await queue.claim([0]);
  expect(await queue.renew(claim!)).toBe(true);
  server.state.reachable = false;
  expect(await queue.renew(claim!)).toBe(true);
  server.state.reachable = true;
  server.locks.set(0, "another worker");
  expect(await queue.renew(claim!)).toBe(true);
  // Another worker takes over the lease.
  const cell = join(folder, "lost", "cells", "0000");
  renameSync(join(cell, "lease.1"), join(cell, "lease.2"));
  expect(await queue.renew(claim!)).toBe(false);
  await queue.done(claim!);
  expect(server.locks.get(0)).toBe("another worker");
});

it("a cell whose lease a worker of the folder holds is offered later, without a clock; a server that lost its data gets the jobs again", async () => {
  const server = memoryServer();
  const queue = await opened("both", server);
  const other = folderQueue(join(folder, "both"), plan.lease);
  const held = await other.claim([0]);
  expect(await queue.claim([0])).toBeNull();
  expect([server.waiting, [...server.locks]]).toEqual([[], []]);
  await other.fail(held!);
  const claim = await queue.claim([0]);
  expect(claim?.cell).toBe(0);
  await claim?.lease.release();
  server.locks.clear();
  expect(await queue.claim([0])).toBeNull();
  expect((await queue.claim([0]))?.cell).toBe(0);
});

it("leaves no jobs at the server when all cells are settled; a server that does not answer is ignored", async () => {
  const server = memoryServer();
  const queue = await opened("settled", server);
  await queue.claim([0, 1]);
  server.state.reachable = false;
  await queue.settled();
  expect([server.waiting, [...server.locks.keys()]]).toEqual([[1], [0]]);
  server.state.reachable = true;
  await queue.settled();
  expect([server.waiting, [...server.locks.keys()]]).toEqual([[], []]);
});

it("is opened by its address", async () => {
  const queued = { directory: join(folder, "address"), plan };
  expect((await (await openQueue("folder", queued)).claim([1]))?.cell).toBe(1);
  await expect(openQueue("ftp://x", queued)).rejects.toMatchObject({ code: "USAGE" });
  for (const url of ["redis://localhost:1", "postgres://localhost:1/x"]) {
    await expect(openQueue(url, queued)).rejects.toThrow(/the server cannot be reached/);
  }
});
