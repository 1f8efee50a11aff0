import { failedError, type ParameterVector } from "@kshot/contract";
import { configSchema } from "@kshot/contract/schemas";
import type { SharedTraining } from "@kshot/experiment";
import { kinds } from "./frames.js";
import type { Links } from "./links.js";
import { type LeaderMessage, sendMessage } from "./rank-messages.js";

/** Vectors that only the leader uses. */
const ofLeader = /^best\./;

/** Sends a training's settings and state; the history and the best parameters so far stay with the leader. */
export function sendTraining(links: Links, rank: number, { algorithm, config, state }: SharedTraining): void {
  const [vectors, metadata] = state;
  const sent = Object.entries(vectors).filter(([name]) => !ofLeader.test(name));
  sendMessage(links, rank, {
    type: "begin",
    algorithm,
    config: { ...config, files: {} },
    metadata: {
      ...metadata,
      best: null,
      history: { iteration: [], metaLoss: [], validation: [], alpha: {} },
      secondsPerIteration: [],
      pending: { lossSum: 0, seconds: 0, iterations: 0 },
    },
    vectors: sent.map(([name, vector]) => ({ name, double: vector instanceof Float64Array })),
  });
  for (const [, vector] of sent) links.send(rank, kinds.vector, bytesOf(vector));
}

/** Receives what `sendTraining` sends after its first message. */
export async function receiveTraining(
  links: Links,
  { algorithm, config, metadata, vectors }: Extract<LeaderMessage, { type: "begin" }>,
): Promise<SharedTraining> {
  const received: Record<string, ParameterVector> = {};
  for (const { name, double } of vectors) {
    const { kind, body } = await links.receive(0);
    if (kind !== kinds.vector)
      throw failedError({ where: "rank 0", found: `a frame of kind ${kind} instead of ${name}` });
    received[name] = double ? new Float64Array(body) : new Float32Array(body);
  }
  return { algorithm, config: configSchema.parse(config), state: [received, metadata] };
}

/** A copy of a vector's bytes, in memory that is not shared. */
function bytesOf({ buffer, byteOffset, byteLength }: ParameterVector): ArrayBuffer {
  const copy = new Uint8Array(byteLength);
  copy.set(new Uint8Array(buffer, byteOffset, byteLength));
  return copy.buffer;
}
