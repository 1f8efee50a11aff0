import { parentPort, workerData } from "node:worker_threads";
import type { FromLinks, LinkStart, ToLinks } from "./links.js";
import { RankClient } from "./rank-client.js";
import { RankServer } from "./rank-server.js";

// The connections of one process, in a thread: heartbeats are sent and received while the main thread computes.

const { place, typed } = workerData as LinkStart;
const port = parentPort!;
const post = (message: FromLinks, transfer: ArrayBuffer[] = []) => port.postMessage(message, transfer);

const events = {
  listening: (address: string) => post({ type: "listening", address }),
  waiting: (seconds: number, reason: string) => post({ type: "waiting", seconds, reason }),
  refused: (text: string) => post({ type: "refused", text }),
  joined: (rank: number, facts: object) => post({ type: "joined", rank, facts } as FromLinks),
  frame: (rank: number, kind: number, body: ArrayBuffer) =>
    post({ type: "frame", rank, kind, body } as FromLinks, [body]),
  lost: (rank: number, reason: string) => post({ type: "lost", rank, reason }),
  failed: (error: object) => post({ type: "failed", error } as FromLinks),
};
const end = place.rank === 0 ? new RankServer(place, events) : new RankClient(place, typed, events);
port.on("message", (message: ToLinks) => {
  if (message.type === "send") end.send(message.rank, message.kind, message.body);
  else void end.close().then(() => process.exit());
});
end.start();
