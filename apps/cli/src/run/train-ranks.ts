import { existsSync } from "node:fs";
import { dataError, KshotError, usageError } from "@kshot/contract";
import type { RunningOptions, Settings, TrainOutcome } from "@kshot/experiment";
import { followRanks, openRankGroup, type RankPlace } from "@kshot/fleet";
import { inKebab } from "../flags/as-typed.js";
import type { TrainFlags } from "../flags/train.js";
import { version } from "../program.js";
import { tokenIn } from "./token-file.js";

/** Flags of one training in several processes. */
export const rankFlags = ["ranks", "rank", "rendezvous", "tokenFile", "waitForRanks"] as const;

/** The environment of a run that Ctrl+C can stop. */
export type Stoppable = RunningOptions & { readonly signal: AbortSignal };

/** Seconds to wait for all ranks. */
const defaultWait = 120;

/** The flags of ranks that were typed, for the line that resumes. */
export function rankFlagsOf(flags: TrainFlags): Partial<TrainFlags> {
  return Object.fromEntries(rankFlags.map((name) => [name, flags[name]]));
}

/** The place of this process among the ranks; undefined without `--ranks`. @throws `USAGE` for flags that do not fit together */
export function rankPlace(flags: TrainFlags): RankPlace | undefined {
  const { ranks, rank, rendezvous, tokenFile, waitForRanks: wait = defaultWait } = flags;
  if (ranks === undefined) {
    const alone = rankFlags.find((name) => flags[name] !== undefined);
    if (alone === undefined) return undefined;
    throw usageError({ where: `--${inKebab(alone)}`, found: "no --ranks", expected: "--ranks R, the number of ranks" });
  }
  if (rank === undefined || rendezvous === undefined || tokenFile === undefined) {
    const missing = (["rank", "rendezvous", "tokenFile"] as const).filter((name) => flags[name] === undefined);
    throw usageError({
      where: "--ranks",
      found: `no ${missing.map((name) => `--${inKebab(name)}`).join(" and no ")}`,
      expected: "--ranks R --rank N --rendezvous HOST:PORT --token-file FILE",
    });
  }
  if (rank >= ranks) {
    throw usageError({
      where: "--rank",
      found: String(rank),
      expected: ranks === 1 ? "0: there is one rank" : `0 to ${ranks - 1}, with --ranks ${ranks}`,
    });
  }
  const at = rendezvous.lastIndexOf(":");
  const port = Number(rendezvous.slice(at + 1));
  if (rank > 0 && port === 0) {
    throw usageError({ where: "--rendezvous", found: `port 0 at rank ${rank}`, expected: "the port of rank 0" });
  }
  const host = rendezvous.slice(0, at).replace(/^\[(.*)\]$/, "$1");
  return { ...{ ranks, rank, host, port, wait, version }, token: tokenIn(tokenFile) };
}

/**
 * Trains as rank 0 of several, if there are others. A lost rank stops the training as Ctrl+C does, with a checkpoint and the line that
 * continues, and is an error.
 */
export async function withRanks(
  place: RankPlace | undefined,
  running: Stoppable,
  train: (running: Stoppable) => Promise<TrainOutcome>,
): Promise<TrainOutcome> {
  if (place === undefined) return train(running);
  const { progress, signal } = running;
  const group = await openRankGroup({ place, progress, signal });
  try {
    const outcome = await train({ ...running, ranks: group, signal: AbortSignal.any([signal, group.signal]) });
    await group.close();
    return outcome;
  } catch (error) {
    const lost = signal.aborted ? undefined : group.lost;
    await group.close(lost ?? error);
    throw lost === undefined ? error : withCheckpoint(lost, error);
  }
}

/** Why a rank was lost, with the checkpoint and the line of the interruption that followed. */
function withCheckpoint(lost: KshotError, stopped: unknown): unknown {
  if (!KshotError.isInstance(stopped) || stopped.code !== "INTERRUPTED") return stopped;
  const { found, command } = stopped.parts;
  return new KshotError(lost.code, {
    ...lost.parts,
    found: `${lost.parts.found}. ${found}`,
    ...(command === undefined
      ? {}
      : { todo: "To continue, start the other ranks again as before, and rank 0 with:", command }),
    cause: lost,
  });
}

/** Computes the share of a rank above 0. It writes nothing. */
export async function follow(
  flags: TrainFlags,
  place: RankPlace,
  { progress, signal, circumstances }: Stoppable,
  { typed, dataDir }: { readonly typed: Settings; readonly dataDir?: string },
): Promise<void> {
  const other = (["resume", "suite"] as const).find((name) => flags[name] !== undefined);
  if (other !== undefined) {
    throw usageError({
      where: `--${other} at rank ${place.rank}`,
      found: other === "resume" ? "the run is rank 0's" : "a suite does not share one training",
      expected: "--data and the flags of ranks; rank 0 sends the settings and the state",
    });
  }
  if (dataDir === undefined) {
    throw usageError({
      where: `--rank ${place.rank}`,
      found: "no --data",
      expected: "--data DIR, a copy of rank 0's data folder or the same folder",
    });
  }
  // Before the others wait for this rank.
  if (!existsSync(dataDir)) {
    throw dataError({ where: dataDir, found: "no such folder", expected: "a data folder, as kshot prepare writes it" });
  }
  await followRanks({
    ...{ place, typed, dataDir, progress, signal, seconds: circumstances.seconds },
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
  });
  const text = `Rank ${place.rank} of ${place.ranks} is done. Rank 0 has the results.`;
  process.stdout.write(flags.log === "json" ? `${JSON.stringify({ type: "done", rank: place.rank })}\n` : `${text}\n`);
}
