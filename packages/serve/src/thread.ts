import { parentPort, workerData } from "node:worker_threads";
import { KshotError } from "@kshot/contract";
import { openRecommender, type Recommender } from "@kshot/recommend";
import type { Job, JobResult, ThreadMessage, ThreadStart } from "./jobs.js";

/** One thread of the server: opens every model, answers once to be warm, then works through what it is sent. */

const say = (message: ThreadMessage) => parentPort?.postMessage(message);
const recommenders = new Map<string, Recommender>();

async function start({ models }: ThreadStart): Promise<void> {
  for (const { name, bytes, alpha } of models) {
    const recommender = await openRecommender(bytes, alpha ? { alpha } : {});
    // The first call compiles: an answer of over a second otherwise.
    const some = recommender.items.slice(0, recommender.k + 1);
    for (let i = 0; i < 20; i++) await recommender.recommendMany([some, some]);
    recommenders.set(name, recommender);
  }
}

/** Jobs of one model and the same options are answered together: a person in a group costs less than half of one alone. */
async function work(jobs: readonly Job[]): Promise<JobResult[]> {
  const groups = new Map<string, Job[]>();
  for (const job of jobs) {
    const key = JSON.stringify([job.model, job.options]);
    groups.set(key, [...(groups.get(key) ?? []), job]);
  }
  const results: JobResult[] = [];
  for (const group of groups.values()) {
    const together = group.length === 1 ? undefined : await answer(group).catch(() => undefined);
    if (together !== undefined) results.push(...together);
    // Alone, so that a request that is refused refuses nobody else's.
    else for (const job of group) results.push(...(await answer([job]).catch((error) => [failed(job, error)])));
  }
  return results;
}

async function answer(jobs: readonly Job[]): Promise<JobResult[]> {
  const [first] = jobs as readonly [Job];
  const recommender = recommenders.get(first.model) as Recommender;
  const answers = await recommender.recommendMany(
    jobs.flatMap(({ histories }) => histories),
    first.options,
  );
  let at = 0;
  return jobs.map(({ id, histories }) => ({ id, answers: answers.slice(at, (at += histories.length)) }));
}

function failed({ id }: Job, error: unknown): JobResult {
  const code = KshotError.isInstance(error) ? error.code : "FAILED";
  return { id, error: { code, message: (error as Error).message } };
}

parentPort?.on("message", async (jobs: readonly Job[]) => {
  say({ type: "results", results: await work(jobs) });
});

try {
  await start(workerData as ThreadStart);
  say({ type: "ready" });
} catch (error) {
  const code = KshotError.isInstance(error) ? error.code : "FAILED";
  say({ type: "failed", code, message: (error as Error).message });
}
