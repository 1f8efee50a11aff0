import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { keptFolder, kshot, writeEvents } from "./kshot.js";

// The files of deploy/: their commands are parsed by the command line, and the rules of their formats are checked.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const text = (file: string) => readFileSync(join(root, "deploy", file), "utf8");
const folder = keptFolder();

/** Runs a command line on a folder without a plan: it is refused for that alone, so that its flags and their values are right. */
async function parsed(args: readonly string[], plan: string): Promise<void> {
  expect(args).toContain(plan);
  const done = await kshot(
    args.map((arg) => (arg === plan ? "nothing" : arg)),
    folder,
  );
  expect(done.stderr).toMatch(/nothing: no plan\.json/);
  expect(done.status).toBe(3);
}

describe("kubernetes-job.yaml", () => {
  const job = parse(text("kubernetes-job.yaml"));
  const { spec } = job;
  const pod = spec.template.spec;
  const [container] = pod.containers;

  it("has the fields of an Indexed Job that fails index by index", () => {
    expect(job).toMatchObject({ apiVersion: "batch/v1", kind: "Job" });
    expect(job.metadata.name).toMatch(/^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/);
    expect(Object.keys(spec).sort()).toEqual([
      ...["backoffLimitPerIndex", "completionMode", "completions", "maxFailedIndexes", "parallelism"],
      ...["podFailurePolicy", "template"],
    ]);
    // backoffLimitPerIndex needs Indexed and, as podFailurePolicy, restartPolicy Never.
    expect([spec.completionMode, pod.restartPolicy]).toEqual(["Indexed", "Never"]);
    // Three tries, as the default of --tries; every index may fail before the job does.
    expect(spec.backoffLimitPerIndex).toBe(2);
    expect(spec.maxFailedIndexes).toBe(spec.completions);
    expect(spec.parallelism).toBeLessThanOrEqual(spec.completions);
  });

  it("fails an index at once for exit codes 2 and 3, and does not count a drained node", () => {
    expect(spec.podFailurePolicy.rules).toEqual([
      { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
      { action: "FailIndex", onExitCodes: { containerName: container.name, operator: "In", values: [2, 3] } },
    ]);
  });

  it("mounts the volumes that it has, and its command is parsed", async () => {
    expect(container.volumeMounts.map(({ name }: { name: string }) => name)).toEqual(
      pod.volumes.map(({ name }: { name: string }) => name),
    );
    expect(container.command).toBeUndefined();
    const plan = `${container.volumeMounts[0].mountPath}/sweep`;
    process.env.JOB_COMPLETION_INDEX = "0";
    await parsed(container.args, plan);
    delete process.env.JOB_COMPLETION_INDEX;
  });
});

describe("compose.yaml", () => {
  const { services } = parse(text("compose.yaml"));

  it("starts workers after Redis is healthy, and their command is parsed", async () => {
    const { worker, redis } = services;
    expect(Object.keys(services)).toEqual(["redis", "worker"]);
    expect(worker.depends_on).toEqual({ redis: { condition: "service_healthy" } });
    expect(redis.healthcheck.test.slice(1)).toEqual(["redis-cli", "ping"]);
    expect(redis.image).toMatch(/^redis:\d/);
    const [, folderOfPlans] = worker.volumes[0].split(":");
    await parsed(worker.command, `${folderOfPlans}/sweep`);
    const queue = new URL(worker.command[worker.command.indexOf("--queue") + 1]);
    expect(Object.keys(services)).toContain(queue.hostname);
    expect(worker.restart).toMatch(/^on-failure:\d+$/);
  });

  it("builds the image of the Containerfile", () => {
    const { context, dockerfile } = services.worker.build;
    expect(existsSync(join(root, "deploy", context, dockerfile))).toBe(true);
    expect(services.worker.image).toBe(parse(text("kubernetes-job.yaml")).spec.template.spec.containers[0].image);
  });
});

describe("Containerfile", () => {
  const lines = text("Containerfile")
    .split("\n")
    .filter((line) => /^[A-Z]/.test(line));
  const of = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it("has instructions of a container file, a pinned Node that kshot supports, and not the root user", () => {
    for (const line of lines) expect(line).toMatch(/^(FROM|ENV|WORKDIR|COPY|RUN|USER|ENTRYPOINT|CMD) \S/);
    const major = Number(/^node:(\d+)-bookworm-slim$/.exec(of("FROM")[0] ?? "")?.[1]);
    const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(major).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
    expect(of("USER")).toEqual(["node"]);
  });

  it("copies all that the set-up and the program need, and starts the program of the package", () => {
    const copied = of("COPY").flatMap((line) => line.split(" ").slice(0, -1));
    for (const file of copied) expect(existsSync(join(root, file)), file).toBe(true);
    const workspace = parse(readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"));
    const groups = workspace.packages.map((pattern: string) => pattern.split("/")[0]);
    expect(copied).toEqual(expect.arrayContaining([...groups, "package.json", "pnpm-lock.yaml", "turbo.json"]));
    const { bin } = JSON.parse(readFileSync(join(root, "apps/cli/package.json"), "utf8"));
    const [, program] = JSON.parse(of("ENTRYPOINT")[0] ?? "[]");
    expect(program).toBe(join(of("WORKDIR")[0] ?? "", "apps/cli", bin.kshot));
    const [, script] = /node (\S+\.js)/.exec(of("RUN")[0] ?? "") ?? [];
    expect(copied).toContain(script?.split("/")[0]);
  });
});

describe("docs/scale.md", () => {
  const page = readFileSync(join(root, "docs/scale.md"), "utf8");

  it("has a sweep that can be planned, with the number of cells that it says", async () => {
    writeFileSync(join(folder, "sweep.json"), /```json\n(.*?)```/s.exec(page)?.[1] ?? "");
    writeEvents(join(folder, "events.csv"));
    const prepared = ["prepare", "--input", "events.csv", "--split", ".5,.25,.25", "--out", "data"];
    expect((await kshot(prepared, folder)).status).toBe(0);
    const done = await kshot(["suite", "plan", "--suite", "sweep.json", "--data", "data", "--out", "sweep"], folder);
    expect(done.status, done.stderr).toBe(0);
    expect(Number(/^(\d+) cells/.exec(done.stdout)?.[1])).toBe(Number(/these are (\d+) cells/.exec(page)?.[1]));
  });

  it("names the files that deploy/ has", () => {
    const named = [...page.matchAll(/\(\.\.\/deploy\/([^)]+)\)/g)].map(([, file]) => file);
    expect([...new Set(named)].sort()).toEqual(
      readdirSync(join(root, "deploy"))
        .filter((file) => !file.endsWith(".dockerignore"))
        .sort(),
    );
  });
});

describe("slurm-array.sh", () => {
  // kshot and scontrol are stubs here; slurm.test.ts runs the script with Slurm.
  const calls = join(folder, "calls");
  const stub = (name: string, body: string) => {
    writeFileSync(join(folder, name), `#!/bin/bash\necho "${name} $*" >> "${calls}"\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  stub("scontrol", "exit 0");

  const started = (kshotDoes: string, restarts: number, args = ["suite", "/plans/sweep"]) => {
    stub("kshot", kshotDoes);
    writeFileSync(calls, "");
    return spawn("bash", [join(root, "deploy/slurm-array.sh"), ...args], {
      env: {
        ...{ PATH: `${folder}:${process.env.PATH}`, SLURM_JOB_ID: "77", SLURM_ARRAY_TASK_ID: "0" },
        ...{ SLURM_RESTART_COUNT: String(restarts), SLURM_CPUS_PER_TASK: "2" },
      },
      stdio: ["ignore", "ignore", "pipe"],
    });
  };
  const called = () => readFileSync(calls, "utf8").trim().split("\n");
  const command = "kshot suite cell /plans/sweep --threads 2 --log json";

  it("its command is parsed", () => parsed(command.split(" ").slice(1), "/plans/sweep"));

  it.each<[string, string, number, number, boolean]>([
    ["a cell that is done", "exit 0", 0, 0, false],
    ["wrong usage", "exit 2", 0, 2, false],
    ["bad data", "exit 3", 0, 3, false],
    ["no program on the node", "exit 127", 0, 127, false],
    ["a failure", "exit 1", 0, 1, true],
    ["the third failure", "exit 1", 2, 1, false],
    ["an interruption", "exit 130", 5, 130, true],
    ["a killed program", "kill -KILL $$", 5, 137, true],
    ["a program that is killed every time", "kill -KILL $$", 20, 137, false],
  ])("%s (%s, restart %i): exit code %i, requeued: %s", async (_, does, restarts, code, requeued) => {
    const script = started(does, restarts);
    expect(await once(script, "close")).toEqual([code, null]);
    expect(called()).toEqual([command, ...(requeued ? ["scontrol requeue 77"] : [])]);
  });

  it.each<[NodeJS.Signals, string, string[]]>([
    [
      "SIGUSR1",
      "the time limit: kshot is interrupted, and the task requeued",
      ["kshot got SIGTERM", "scontrol requeue 77"],
    ],
    ["SIGTERM", "scancel: kshot got it from Slurm, and nothing is requeued", ["kshot ended"]],
  ])("%s, %s", async (signal, _, then) => {
    const body = `trap 'echo "kshot got SIGTERM" >> "${calls}"; exit 130' TERM
echo ready >> "${calls}"
for i in $(seq 20); do sleep 0.05; done
echo "kshot ended" >> "${calls}"
exit 130`;
    const script = started(body, 0);
    const ended = once(script, "close");
    while (!called().includes("ready")) await sleep(10);
    script.kill(signal);
    expect(await ended).toEqual([130, null]);
    expect(called()).toEqual([command, "ready", ...then]);
  });

  it("refuses other arguments", async () => {
    for (const args of [[], ["suite"], ["other", "/plans/sweep"]]) {
      expect(await once(started("exit 0", 0, args), "close")).toEqual([2, null]);
    }
  });
});
