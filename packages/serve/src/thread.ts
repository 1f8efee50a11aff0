import { parentPort, workerData } from "node:worker_threads";
import { KshotError, messageOf } from "@kshot/contract";
import { openRecommender, type Recommender } from "@kshot/recommend";
import type { Job, JobResult, ThreadMessage, ThreadStart } from "./jobs.js";

/** One thread of the server: opens every model, answers once to warm up, then processes the messages it gets. */

const post = (message: ThreadMessage) => parentPort?.postMessage(message);
const recommenders = new Map<string, Recommender>();

async function start({ models }: ThreadStart): Promise<void> {
  for (const { name, bytes, alpha } of models) {
    const recommender = await openRecommender(bytes, alpha ? { alpha } : {});
    // The first call compiles and would take over a second.
    const some = recommender.items.slice(0, recommender.k + 1);
    for (let i = 0; i < 20; i++) await recommender.recommendMany([some, some]);
    recommenders.set(name, recommender);
  }
}

/** Jobs with the same model and options are answered together: a person in a group costs less than half as much as alone. */
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
    // Each job alone, so that a refused request does not refuse the others.
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
  return { id, error: { code, message: messageOf(error) } };
}

parentPort?.on("message", async (jobs: readonly Job[]) => {
  post({ type: "results", results: await work(jobs) });
});

try {
  await start(workerData as ThreadStart);
  post({ type: "ready" });
} catch (error) {
  const code = KshotError.isInstance(error) ? error.code : "FAILED";
  post({ type: "failed", code, message: messageOf(error) });
}
