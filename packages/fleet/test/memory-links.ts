import type { FrameKind } from "../src/ranks/frames.js";
import { FrameQueues, type Links } from "../src/ranks/links.js";

/**
 * Connections in memory: rank 0 with each other rank.
 *
 * @param delayed called before a frame arrives; resolves when it may
 */
export function memoryLinks(ranks: number, delayed = async (): Promise<void> => {}): Links[] {
  const arrived = Array.from({ length: ranks }, () => new FrameQueues());
  return arrived.map((queues, rank) => {
    // Frames between two ranks stay in order.
    const before = new Map<number, Promise<void>>();
    return {
      send(to: number, kind: FrameKind, body: ArrayBuffer) {
        const frame = { kind, body: structuredClone(body, { transfer: [body] }) };
        const sent = (before.get(to) ?? Promise.resolve()).then(delayed).then(() => arrived[to]!.put(rank, frame));
        before.set(to, sent);
      },
      receive: (from: number) => queues.take(from),
    };
  });
}
