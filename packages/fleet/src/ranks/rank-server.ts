import { createServer, type Server, type Socket } from "node:net";
import { isRecord, systemCodeOf } from "@kshot/contract";
import { type Frame, FramedSocket, type FrameKind, jsonBody, jsonOf, kinds } from "./frames.js";
import {
  everyHeartbeat,
  handshakeSeconds,
  heartbeat,
  type JoinFacts,
  type LinkEnd,
  type LinkEvents,
  type RankPlace,
  type ToldError,
} from "./link-end.js";
import { type Challenge, isProof, nonce, proofOf, protocol } from "./proof.js";

/** Connections whose handshake is not done yet, at most. */
const strangers = 64;

/** Rank 0's end: listens, lets ranks with the token join, and watches their heartbeats. */
export class RankServer implements LinkEnd {
  private readonly server: Server;
  private readonly open = new Set<FramedSocket>();
  private readonly ranks = new Map<number, FramedSocket>();
  private pending = 0;
  private closing = false;
  private stopHeartbeats = () => {};

  constructor(
    private readonly place: RankPlace,
    private readonly events: LinkEvents,
  ) {
    this.server = createServer((socket) => this.connected(socket));
  }

  start(): void {
    const { host, port } = this.place;
    this.server.on("error", (cause) => this.events.failed(cannotListen(host, port, cause)));
    this.server.listen({ host, port }, () => {
      const address = this.server.address();
      if (typeof address !== "object" || address === null) return;
      const { family, address: own, port: bound } = address;
      this.events.listening(family === "IPv6" ? `[${own}]:${bound}` : `${own}:${bound}`);
    });
    this.stopHeartbeats = everyHeartbeat((late) => {
      for (const connection of this.ranks.values()) {
        connection.send(kinds.heartbeat);
        if (late) connection.heard = performance.now();
        else if (performance.now() - connection.heard > 1000 * heartbeat.limit) {
          connection.destroy(`no sign of life for ${heartbeat.limit} s`);
        }
      }
    });
  }

  send(rank: number, kind: FrameKind, body: ArrayBuffer): void {
    this.ranks.get(rank)?.send(kind, body);
  }

  async close(): Promise<void> {
    this.closing = true;
    this.stopHeartbeats();
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const connection of this.open) connection.end();
    const timer = setTimeout(() => {
      for (const connection of this.open) connection.destroy("the other side did not end");
    }, 2000);
    await closed;
    clearTimeout(timer);
  }

  private connected(socket: Socket): void {
    const from = socket.remoteAddress ?? "?";
    if (this.pending >= strangers || this.closing) {
      socket.destroy();
      return;
    }
    this.pending += 1;
    let joined: number | undefined;
    let step: (frame: Frame) => void = (frame) => hello(frame);
    const connection = new FramedSocket(
      socket,
      (frame) => step(frame),
      (reason) => {
        this.open.delete(connection);
        settle();
        if (joined === undefined || this.ranks.get(joined) !== connection) return;
        this.ranks.delete(joined);
        if (!this.closing) this.events.lost(joined, reason);
      },
    );
    this.open.add(connection);
    const timer = setTimeout(() => connection.destroy("the handshake took too long"), 1000 * handshakeSeconds);
    let settled = false;
    /** The handshake is over. */
    const settle = () => {
      if (settled) return;
      settled = true;
      step = () => {};
      clearTimeout(timer);
      this.pending -= 1;
    };
    const refuse = (error: ToldError, text: string) => {
      settle();
      connection.send(kinds.refused, jsonBody(error));
      connection.end();
      this.events.refused(`${from} was refused: ${text}`);
    };
    const hello = (frame: Frame) => {
      const said = recordIn(frame, kinds.hello);
      const { rank, ranks } = said;
      if (said.protocol !== protocol) return refuse(otherProtocol(said.protocol), "another version of kshot");
      if (typeof rank !== "number" || typeof said.nonce !== "string" || said.nonce.length > 200)
        throw new RangeError("a greeting without a rank");
      if (ranks !== this.place.ranks) return refuse(otherRanks(rank, ranks, this.place.ranks), `--ranks ${ranks}`);
      if (!Number.isInteger(rank) || rank < 1 || rank >= this.place.ranks)
        return refuse(noSuchRank(rank, this.place.ranks), `rank ${rank}`);
      const challenge = { ranks: this.place.ranks, rank, own: said.nonce, leader: nonce() };
      connection.send(kinds.challenge, jsonBody({ nonce: challenge.leader }));
      step = (next) => proof(next, challenge);
    };
    const proof = (frame: Frame, challenge: Challenge) => {
      const { token } = this.place;
      const { mac } = recordIn(frame, kinds.proof);
      if (!isProof(mac, proofOf(token, "rank", challenge)))
        return refuse(otherToken(challenge.rank), "its token is another");
      connection.send(kinds.accepted, jsonBody({ mac: proofOf(token, "leader", challenge) }));
      step = (next) => join(next, challenge.rank);
    };
    const join = (frame: Frame, rank: number) => {
      const facts = recordIn(frame, kinds.join) as unknown as JoinFacts;
      const { version } = this.place;
      if (facts.version !== version)
        return refuse(otherVersion(rank, facts.version, version), `kshot ${facts.version}`);
      if (this.ranks.has(rank)) return refuse(sameRank(rank), `a second rank ${rank}`);
      settle();
      joined = rank;
      connection.trust();
      this.ranks.set(rank, connection);
      step = ({ kind, body }) => {
        if (kind !== kinds.heartbeat) this.events.frame(rank, kind, body);
      };
      this.events.joined(rank, facts);
    };
  }
}

/** The record in a frame of the expected kind. @throws `RangeError`, `SyntaxError` */
export function recordIn(frame: Frame, kind: FrameKind): Record<string, unknown> {
  const value = frame.kind === kind ? jsonOf(frame) : undefined;
  if (!isRecord(value)) throw new RangeError(`a frame of kind ${frame.kind} instead of ${kind}`);
  return value;
}

function cannotListen(host: string, port: number, cause: unknown): ToldError {
  const found = {
    EADDRINUSE: "another program listens at this address",
    EADDRNOTAVAIL: "not an address of this machine",
    ENOTFOUND: "a host that is not known here",
    EACCES: "no permission to listen at this port",
  }[systemCodeOf(cause) ?? ""];
  return {
    code: "FAILED",
    parts: {
      where: `--rendezvous ${host}:${port}`,
      found: found ?? (cause instanceof Error ? cause.message : String(cause)),
      expected: "a free port of the machine that runs rank 0",
      todo: "Choose another port, or end the program that uses it",
    },
  };
}

function otherProtocol(found: unknown): ToldError {
  return {
    code: "USAGE",
    parts: {
      where: "--ranks",
      found: `another version of kshot (messages of version ${String(found)})`,
      expected: `that of rank 0 (version ${protocol})`,
      todo: "Install the same version of kshot on all machines",
    },
  };
}

function otherVersion(rank: number, found: string, expected: string): ToldError {
  return {
    code: "USAGE",
    parts: {
      where: `rank ${rank}`,
      found: `kshot ${found}`,
      expected: `kshot ${expected}, as rank 0 has`,
      todo: "Install the same version of kshot on all machines",
    },
  };
}

function otherRanks(rank: number, found: unknown, expected: number): ToldError {
  return {
    code: "USAGE",
    parts: { where: `--ranks of rank ${rank}`, found: String(found), expected: `${expected}, as rank 0 has` },
  };
}

function noSuchRank(rank: number, ranks: number): ToldError {
  return { code: "USAGE", parts: { where: "--rank", found: String(rank), expected: `1 to ${ranks - 1}` } };
}

function sameRank(rank: number): ToldError {
  return {
    code: "USAGE",
    parts: {
      where: `--rank ${rank}`,
      found: "another process has joined as this rank",
      expected: "a separate number for each process",
    },
  };
}

function otherToken(rank: number): ToldError {
  return {
    code: "DATA",
    parts: {
      where: `--token-file of rank ${rank}`,
      found: "another token than rank 0's",
      expected: "the same file on all machines",
    },
  };
}
