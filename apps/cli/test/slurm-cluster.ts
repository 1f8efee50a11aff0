import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./servers.js";

/** Why no Slurm can be started here; undefined if one can. Its daemons need the root user. */
export const noSlurm = ((): string | undefined => {
  if (process.platform !== "linux") return "this is not Linux";
  const programs = ["/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/sbin/munged", "/usr/bin/sbatch"];
  const missing = programs.filter((program) => !existsSync(program));
  if (missing.length > 0) return "slurm-wlm and munge are not installed";
  return process.getuid?.() === 0 ? undefined : "only the root user may start its daemons";
})();

/** A Slurm with two nodes, of two cores and of one, on the loopback address. */
export interface SlurmCluster {
  /** Runs a command of Slurm and returns what it printed. */
  run(command: string, ...args: readonly string[]): string;
  /** The same, with the exit code and both streams. */
  tried(command: string, ...args: readonly string[]): { readonly status: number | null; readonly text: string };
  stop(): Promise<void>;
}

/** Starts munged, slurmctld and two slurmd, with all their files in one temporary folder. */
export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), "kshot-slurm-"));
  const at = (name: string) => join(folder, name);
  for (const name of ["state", "munge", "spool-n1", "spool-n2"]) mkdirSync(at(name), { mode: 0o755 });
  writeFileSync(at("munge/key"), randomBytes(128), { mode: 0o400 });
  const ports = [await freePort(), await freePort(), await freePort()];
  const host = hostname().split(".")[0];
  const configuration = {
    ClusterName: "kshot",
    SlurmctldHost: `${host}(127.0.0.1)`,
    SlurmctldPort: ports[0],
    // Without these two, daemons that listen on all addresses do not find each other through the loopback address.
    CommunicationParameters: "NoCtldInAddrAny,NoInAddrAny",
    AuthType: "auth/munge",
    // A requeued job starts only after the credential of its first start has expired: 120 seconds by default.
    AuthInfo: `socket=${at("munge/socket")},cred_expire=5`,
    CredType: "cred/munge",
    SlurmUser: "root",
    SlurmdUser: "root",
    StateSaveLocation: at("state"),
    SlurmdSpoolDir: at("spool-%n"),
    SlurmctldPidFile: at("slurmctld.pid"),
    SlurmdPidFile: at("slurmd-%n.pid"),
    SlurmctldLogFile: at("slurmctld.log"),
    SlurmdLogFile: at("slurmd-%n.log"),
    ProctrackType: "proctrack/linuxproc",
    TaskPlugin: "task/none",
    SwitchType: "switch/none",
    MpiDefault: "none",
    SelectType: "select/cons_tres",
    SelectTypeParameters: "CR_Core",
    SlurmdParameters: "config_overrides",
    ReturnToService: 2,
    SchedulerParameters: "sched_interval=1,sched_min_interval=0,batch_sched_delay=0",
    KillWait: 5,
  };
  const lines = Object.entries(configuration).map(([name, value]) => `${name}=${value}`);
  for (const [i, name] of ["n1", "n2"].entries()) {
    const size = `CPUs=${2 - i} RealMemory=1000`;
    lines.push(`NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[i + 1]} ${size}`);
  }
  lines.push("PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP");
  writeFileSync(at("slurm.conf"), `${lines.join("\n")}\n`);
  const env = { ...process.env, SLURM_CONF: at("slurm.conf") };
  const daemons: ChildProcess[] = [];
  const daemon = (program: string, ...args: readonly string[]) =>
    daemons.push(spawn(program, args, { env, stdio: ["ignore", "ignore", "ignore"] }));
  const tried = (command: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, { env, encoding: "utf8" });
    return { status, text: `${stdout}${stderr}` };
  };
  const stop = async () => {
    // A job's step does not end with its daemon.
    tried("scancel", "--user=root");
    const running = () => tried("squeue", "--noheader", "--states=running,completing").text.trim() !== "";
    for (let waited = 0; waited < 10_000 && daemons.length > 1 && running(); waited += 100) await sleep(100);
    for (const one of [...daemons].reverse()) {
      if (one.exitCode !== null || one.signalCode !== null) continue;
      const ended = new Promise((done) => one.once("exit", done));
      one.kill("SIGTERM");
      const late = setTimeout(() => one.kill("SIGKILL"), 3000);
      await ended;
      clearTimeout(late);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const until = async (what: string, ready: () => boolean) => {
    for (let waited = 0; waited < 20_000; waited += 100) {
      if (ready()) return;
      await sleep(100);
    }
    const log = existsSync(at("slurmctld.log")) ? readFileSync(at("slurmctld.log"), "utf8").slice(-2000) : "";
    await stop();
    throw new Error(`${what} did not start.\n${log}`);
  };
  daemon(
    "/usr/sbin/munged",
    ...["--foreground", "--force", "--key-file", at("munge/key"), "--socket", at("munge/socket")],
    ...["--pid-file", at("munge/pid"), "--log-file", at("munge/log"), "--seed-file", at("munge/seed")],
  );
  await until("munged", () => existsSync(at("munge/socket")));
  daemon("/usr/sbin/slurmctld", "-D", "-f", at("slurm.conf"));
  for (const name of ["n1", "n2"]) daemon("/usr/sbin/slurmd", "-D", "-N", name, "-f", at("slurm.conf"));
  await until("Slurm", () => /^\s*2\s+idle\s*$/m.test(tried("sinfo", "--noheader", "--format=%D %t").text));
  return {
    run: (command, ...args) =>
      execFileSync(command, args, { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }),
    tried,
    stop,
  };
}
