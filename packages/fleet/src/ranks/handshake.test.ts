import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { kinds } from "./frames.js";
import type { JoinFacts, LinkEnd, LinkEvents, RankPlace } from "./link-end.js";
import { isProof, proofOf } from "./proof.js";
import { RankClient } from "./rank-client.js";
import { RankServer } from "./rank-server.js";

/** What happened at one end, in words, and a wait for it. */
class Said implements LinkEvents {
  readonly lines: string[] = [];
  private readonly wakes: (() => void)[] = [];

  private say(line: string): void {
    this.lines.push(line);
    for (const wake of this.wakes.splice(0)) wake();
  }
  listening = (address: string) => this.say(`listening ${address}`);
  waiting = () => {};
  refused = (text: string) => this.say(`refused ${text}`);
  joined = (rank: number, { version }: JoinFacts) => this.say(`joined ${rank} ${version}`);
  frame = (rank: number, kind: number, body: ArrayBuffer) => this.say(`frame ${rank} ${kind} ${body.byteLength}`);
  lost = (rank: number, reason: string) => this.say(`lost ${rank} ${reason}`);
  failed = ({ code, parts }: { code: string; parts: { where?: string; found: string } }) =>
    this.say(`failed ${code} ${parts.where}: ${parts.found}`);

  async until(line: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((said) => line.test(said));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.wakes.push(resolve));
    }
  }
}

const place = { ranks: 3, host: "127.0.0.1", token: "0123456789abcdef", wait: 0.3, version: "1.0.0" } as const;

function closedAtEnd<T extends LinkEnd>(end: T): T {
  onTestFinished(() => end.close());
  end.start();
  return end;
}

async function leader() {
  const said = new Said();
  const server = closedAtEnd(new RankServer({ ...place, rank: 0, port: 0 }, said));
  const port = Number((await said.until(/listening/)).split(":").at(-1));
  return { said, server, port };
}

function joining(port: number, other: Partial<RankPlace> = {}) {
  const said = new Said();
  const client = closedAtEnd(new RankClient({ ...place, rank: 1, port, ...other }, {}, said));
  return { said, client };
}

test("two ranks with the token join; frames arrive in order; the end of one is seen", async () => {
  const { said, server, port } = await leader();
  const [one, two] = [joining(port), joining(port, { rank: 2 })];
  await Promise.all([said.until(/joined 1 1\.0\.0/), said.until(/joined 2/)]);
  for (const length of [3, 0, 200_000]) server.send(2, kinds.partial, new ArrayBuffer(length));
  await two.said.until(/frame 0 10 200000/);
  expect(two.said.lines.filter((line) => line.startsWith("frame"))).toEqual([
    "frame 0 10 3",
    "frame 0 10 0",
    "frame 0 10 200000",
  ]);
  one.client.send(0, kinds.message, new ArrayBuffer(5));
  await said.until(/frame 1 7 5/);
  expect(one.said.lines.some((line) => line.startsWith("frame"))).toBe(false);
  await one.client.close();
  await said.until(/lost 1/);
});

test.each([
  ["another token", { token: "0123456789abcdeF" }, /DATA --token-file of rank 1: another token than rank 0's/],
  ["another number of ranks", { ranks: 2 }, /USAGE --ranks of rank 1: 2/],
  ["another version", { version: "2.0.0" }, /USAGE rank 1: kshot 2\.0\.0/],
])("%s is refused", async (_, other, expected) => {
  const { said, port } = await leader();
  const refused = joining(port, other);
  expect(await refused.said.until(/failed/)).toMatch(expected);
  expect(said.lines.some((line) => line.startsWith("joined"))).toBe(false);
  expect(await said.until(/refused/)).toMatch(/127\.0\.0\.1/);
});

test("a second process of one rank is refused, the first one stays", async () => {
  const { said, port, server } = await leader();
  const first = joining(port);
  await said.until(/joined 1/);
  const second = joining(port);
  expect(await second.said.until(/failed/)).toMatch(/USAGE --rank 1: another process has joined/);
  server.send(1, kinds.message, new ArrayBuffer(1));
  await first.said.until(/frame 0 7 1/);
});

test("a rank 0 without the token is found, and gets no frame", async () => {
  const { port } = await leader();
  // A process between the two that changes rank 0's proof.
  const between: Server = createServer((client) => {
    const upstream = connect({ host: "127.0.0.1", port });
    client.pipe(upstream);
    upstream.on("data", (bytes) => {
      const text = bytes.toString("latin1").replace(/"mac":"(.)/, (_, digit) => `"mac":"${digit === "0" ? "1" : "0"}`);
      client.write(Buffer.from(text, "latin1"));
    });
    for (const socket of [client, upstream]) socket.on("error", () => {}).on("close", () => client.destroy());
  });
  between.listen(0, "127.0.0.1");
  await once(between, "listening");
  onTestFinished(() => void between.close());
  const { said } = joining((between.address() as { port: number }).port);
  expect(await said.until(/failed/)).toMatch(/FAILED .*a proof without the token/);
});

test("another program at the address is named as such; one that is not there is waited for", async () => {
  const web = createServer((socket) =>
    socket
      .on("error", () => {})
      .resume()
      .end("HTTP/1.1 400 Bad Request\r\n\r\n"),
  );
  web.listen(0, "127.0.0.1");
  await once(web, "listening");
  const { port } = web.address() as { port: number };
  const { said } = joining(port);
  expect(await said.until(/failed/)).toMatch(/FAILED --rendezvous 127\.0\.0\.1:\d+: an answer that is not rank 0's/);
  await new Promise((resolve) => web.close(resolve));
  const late = joining(port);
  expect(await late.said.until(/failed/)).toMatch(/no program listens, for 0\.3 s/);
});

test("a proof holds for one side, rank and pair of random numbers", () => {
  const challenge = { ranks: 2, rank: 1, own: "a", leader: "b" };
  const proof = proofOf("token", "rank", challenge);
  expect(isProof(proof, proofOf("token", "rank", { ...challenge }))).toBe(true);
  for (const other of [
    proofOf("token", "leader", challenge),
    proofOf("other", "rank", challenge),
    proofOf("token", "rank", { ...challenge, rank: 0 }),
    proofOf("token", "rank", { ...challenge, own: "c" }),
    proofOf("token", "rank", { ...challenge, leader: "c" }),
  ]) {
    expect(isProof(other, proof)).toBe(false);
  }
  expect(isProof(undefined, proof)).toBe(false);
  expect(isProof("", proof)).toBe(false);
});
