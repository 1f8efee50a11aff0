import { connect } from "node:net";
import { systemCodeOf } from "@kshot/contract";
import type { Settings } from "@kshot/experiment";
import { type Frame, FramedSocket, type FrameKind, jsonBody, kinds } from "./frames.js";
import {
  everyHeartbeat,
  handshakeSeconds,
  heartbeat,
  type LinkEnd,
  type LinkEvents,
  type RankPlace,
  type ToldError,
} from "./link-end.js";
import { isProof, nonce, proofOf, protocol } from "./proof.js";
import { recordIn } from "./rank-server.js";

/** Milliseconds between two attempts to connect. */
const pause = 250;

/** The end of a rank above 0: connects to rank 0, again and again until it answers, and proves that it has the token. */
export class RankClient implements LinkEnd {
  private connection: FramedSocket | undefined;
  private readonly began = performance.now();
  private closing = false;
  private joined = false;
  private over: () => void = () => {};
  private stopHeartbeats = () => {};

  constructor(
    private readonly place: RankPlace,
    private readonly typed: Settings,
    private readonly events: LinkEvents,
  ) {}

  start(): void {
    const { host, port } = this.place;
    const socket = connect({ host, port });
    let answered = false;
    let failure: ToldError | undefined;
    let reachable = false;
    let last: unknown;
    socket.on("connect", () => {
      reachable = true;
      connection.send(kinds.hello, jsonBody({ protocol, nonce: own, rank: this.place.rank, ranks: this.place.ranks }));
    });
    socket.on("error", (cause) => {
      last = cause;
    });
    const own = nonce();
    let step: (frame: Frame) => void = (frame) => challenge(frame);
    const timer = setTimeout(() => connection.destroy("no answer"), 1000 * handshakeSeconds);
    const connection = new FramedSocket(
      socket,
      (frame) => {
        answered = true;
        if (frame.kind === kinds.refused) failure = recordIn(frame, kinds.refused) as unknown as ToldError;
        else step(frame);
      },
      (reason) => {
        clearTimeout(timer);
        this.stopHeartbeats();
        this.connection = undefined;
        this.over();
        if (this.closing) return;
        if (failure !== undefined) this.events.failed(failure);
        else if (this.joined) this.events.lost(0, reason);
        else if (reason.startsWith("not a message") || answered) this.events.failed(otherProgram(host, port, reason));
        else this.again(reachable ? "a connection without an answer" : wordsFor(last, reason));
      },
    );
    this.connection = connection;
    const challenge = (frame: Frame) => {
      const { nonce: leader } = recordIn(frame, kinds.challenge);
      const given = { ranks: this.place.ranks, rank: this.place.rank, own, leader: String(leader) };
      connection.send(kinds.proof, jsonBody({ mac: proofOf(this.place.token, "rank", given) }));
      step = (next) => {
        const { mac } = recordIn(next, kinds.accepted);
        if (!isProof(mac, proofOf(this.place.token, "leader", given)))
          throw new RangeError("a proof without the token");
        accepted();
      };
    };
    const accepted = () => {
      clearTimeout(timer);
      this.joined = true;
      connection.trust();
      const { version } = this.place;
      const facts = { version, typed: this.typed };
      connection.send(kinds.join, jsonBody(facts));
      step = ({ kind, body }) => {
        if (kind !== kinds.heartbeat) this.events.frame(0, kind, body);
      };
      this.stopHeartbeats = everyHeartbeat((late) => {
        connection.send(kinds.heartbeat);
        if (late) connection.heard = performance.now();
        else if (performance.now() - connection.heard > 1000 * heartbeat.limit) {
          connection.destroy(`no sign of life for ${heartbeat.limit} s`);
        }
      });
      this.events.joined(0, facts);
    };
  }

  send(_rank: number, kind: FrameKind, body: ArrayBuffer): void {
    this.connection?.send(kind, body);
  }

  async close(): Promise<void> {
    this.closing = true;
    const { connection } = this;
    if (connection === undefined) return;
    const timer = setTimeout(() => connection.destroy("the other side did not end"), 2000);
    await new Promise<void>((resolve) => {
      this.over = resolve;
      connection.end();
    });
    clearTimeout(timer);
  }

  /** Tries again, unless the time is over. */
  private again(reason: string): void {
    const { host, port, wait } = this.place;
    const seconds = (performance.now() - this.began) / 1000;
    if (seconds >= wait) {
      this.events.failed({
        code: "FAILED",
        parts: {
          where: `--rendezvous ${host}:${port}`,
          found: `${reason}, for ${wait} s`,
          expected: "rank 0, which listens there",
          todo: "Start rank 0, check host, port and firewall, or wait longer with --wait-for-ranks",
        },
      });
      return;
    }
    this.events.waiting(seconds, reason);
    setTimeout(() => {
      if (!this.closing) this.start();
    }, pause);
  }
}

function wordsFor(cause: unknown, reason: string): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: "no program listens",
    ENOTFOUND: "a host that is not known here",
    EAI_AGAIN: "a host whose address cannot be found",
    EHOSTUNREACH: "a host that cannot be reached",
    ENETUNREACH: "a network that cannot be reached",
    ETIMEDOUT: "no answer",
  };
  return words[systemCodeOf(cause) ?? ""] ?? reason;
}

function otherProgram(host: string, port: number, reason: string): ToldError {
  return {
    code: "FAILED",
    parts: {
      where: `--rendezvous ${host}:${port}`,
      found: `an answer that is not rank 0's: ${reason}`,
      expected: "kshot train --rank 0, with the same token",
    },
  };
}
