import { failedError, interruptedError, KshotError } from "@kshot/contract";
import { configSchema } from "@kshot/contract/schemas";
import { openFollower, type Progress, type Settings } from "@kshot/experiment";
import type { Frame } from "./frames.js";
import type { RankPlace, ToldError } from "./link-end.js";
import { type Links, ThreadLinks } from "./links.js";
import { inRank, toldError } from "./rank-group.js";
import { type LeaderMessage, messageIn, sendMessage } from "./rank-messages.js";
import { sharedMetaGradient } from "./shared-meta-gradient.js";
import { receiveTraining } from "./training-message.js";

/** Seconds between two notes about rank 0 that is waited for. */
const noteEvery = 10;

/** Options of a rank above 0. */
export interface FollowOptions {
  /** Its number, and where rank 0 is. */
  readonly place: RankPlace;
  /** The settings that were typed here; they must be rank 0's. */
  readonly typed: Settings;
  /** Data folder, absolute. */
  readonly dataDir: string;
  /** Threads of this process. */
  readonly workers?: number;
  /** Receives the progress of this rank. */
  readonly progress: Progress;
  /** Seconds of a monotonic clock. */
  readonly seconds: () => number;
  /** Ends this rank, and with it the others. */
  readonly signal: AbortSignal;
}

/**
 * Computes the share of a rank above 0 until rank 0 ends. It writes nothing.
 *
 * @throws `INTERRUPTED` when `signal` fires; `FAILED`, `USAGE` or `DATA` for what ends a rank: its own error, a lost rank, rank 0's error
 */
export async function followRanks(options: FollowOptions): Promise<void> {
  const { place, typed, progress, signal } = options;
  let fail = (_: unknown) => {};
  const ended = new Promise<never>((_, reject) => {
    fail = reject;
  });
  ended.catch(() => {});
  let noted = 0;
  let join = () => {};
  const joined = new Promise<void>((resolve) => {
    join = resolve;
  });
  const links = new ThreadLinks(
    { place, typed },
    {
      onJoined: () => {
        progress({
          type: "note",
          text: `Rank ${place.rank} of ${place.ranks} has joined at ${place.host}:${place.port}.`,
        });
        join();
      },
      onWaiting: (seconds, reason) => {
        if (seconds < noted) return;
        noted = seconds + noteEvery;
        const since = seconds < 1 ? "" : `, since ${Math.round(seconds)} s`;
        const text = `Rank ${place.rank} of ${place.ranks} waits for rank 0 at ${place.host}:${place.port}${since} (${reason}).`;
        progress({ type: "note", text });
      },
      onLost: () => {},
      onFailed: fail,
    },
  );
  const stopped = () =>
    fail(interruptedError({ found: "Stopped; rank 0 keeps a checkpoint and ends the other ranks" }));
  signal.addEventListener("abort", stopped);
  if (signal.aborted) stopped();
  try {
    await Promise.race([ended, joined.then(() => follow(links, options))]);
  } catch (error) {
    if (!(error instanceof EndOfRankZero)) {
      const interrupted = KshotError.isInstance(error) && error.code === "INTERRUPTED";
      sendMessage(links, 0, { type: "leave", ...(interrupted ? {} : { error: toldError(error) }) });
      throw error;
    }
    if (error.told !== undefined) throw errorOfLeader(error.told);
  } finally {
    signal.removeEventListener("abort", stopped);
    await links.close();
  }
}

/** Rank 0 has ended, well or with an error. */
class EndOfRankZero extends Error {
  constructor(readonly told: ToldError | undefined) {
    super("rank 0 has ended");
  }
}

/** Rank 0 has ended the current training. */
class EndOfTraining extends Error {}

/** Joins, then follows one training after the other. Ends with `EndOfRankZero` or an error. */
async function follow(given: ThreadLinks, options: FollowOptions): Promise<never> {
  const { place, dataDir, workers, progress, seconds } = options;
  const { ranks, rank } = place;
  const links = orEnded(given);
  const welcome = await nextMessage(links, "welcome");
  const { workers: _, ...others } = configSchema.parse(welcome.config);
  const own = { ...others, ...(workers === undefined ? {} : { workers }) };
  const follower = await openFollower({ dataDir, config: own, progress, seconds });
  sendMessage(links, 0, { type: "ready", fingerprint: follower.fingerprint });
  for (;;) {
    const training = await receiveTraining(links, await nextMessage(links, "begin"));
    try {
      await follower.follow(training, (engine) => sharedMetaGradient(engine, { ranks, rank, links }));
      await nextMessage(links, "begin");
    } catch (error) {
      if (!(error instanceof EndOfTraining)) throw error;
    }
  }
}

/** Links whose `receive` throws where rank 0 ends the training or itself. */
function orEnded(links: Links): Links {
  return {
    send: (...given) => links.send(...given),
    async receive(rank): Promise<Frame> {
      const frame = await links.receive(rank);
      const message = messageIn<LeaderMessage>(frame);
      if (message?.type === "end") throw new EndOfRankZero(message.error);
      if (message?.type === "stop") throw new EndOfTraining();
      return frame;
    },
  };
}

async function nextMessage<T extends LeaderMessage["type"]>(
  links: Links,
  type: T,
): Promise<Extract<LeaderMessage, { readonly type: T }>> {
  const message = messageIn<LeaderMessage>(await links.receive(0));
  if (message?.type === type) return message as Extract<LeaderMessage, { readonly type: T }>;
  throw failedError({ where: "rank 0", found: `a message ${message?.type}`, expected: type });
}

/** Rank 0's error, as this rank tells it. */
function errorOfLeader({ code, parts }: ToldError): KshotError {
  if (code === "INTERRUPTED") {
    return failedError({
      where: "rank 0",
      found: "it was interrupted, with a checkpoint",
      todo: "To continue, resume the run at rank 0 and start the other ranks again",
    });
  }
  return new KshotError(code, { ...parts, where: inRank(0, parts.where) });
}
