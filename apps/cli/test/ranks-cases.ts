import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { resolveConfig } from "@kshot/experiment";
import { followRanks, openRankGroup, type RankGroup, type RankPlace } from "@kshot/fleet";
import { afterAll } from "vitest";
import type { BadInputCase } from "./bad-input-case.js";

const token = "0123456789abcdef";

/** A program that listens. */
const busy = createServer((socket) => socket.destroy());
busy.listen(0, "127.0.0.1");
await once(busy, "listening");
const portInUse = (busy.address() as { port: number }).port;
const ended = createServer();
ended.listen(0, "127.0.0.1");
await once(ended, "listening");
const freePort = (ended.address() as { port: number }).port;
await new Promise((resolve) => ended.close(resolve));

const groups: RankGroup[] = [];
afterAll(async () => {
  busy.close();
  await Promise.all(groups.map((group) => group.close()));
});

/** Rank 0 of two in this process. @returns it, its place, and its address */
async function rankZero(version: string) {
  let address = "";
  const place: RankPlace = { ranks: 2, rank: 0, host: "127.0.0.1", port: 0, token, wait: 60, version };
  const group = await openRankGroup({
    place,
    progress: (event) => {
      if (event.type === "note") address = /listens at ([\d.:]+)\.$/.exec(event.text)?.[1] ?? address;
    },
    signal: new AbortController().signal,
  });
  groups.push(group);
  return { group, place: { ...place, port: Number(address.split(":")[1]) }, address };
}

/** Rank 0 that waits for rank 1 and then compares settings and data. */
async function gathering(version: string) {
  const { group, address } = await rankZero(version);
  const config = resolveConfig({ preset: "notebook", flags: { metasgd_config: { num_meta_iterations: 7 } } });
  const run = { config, fingerprint: "0".repeat(64), algorithms: ["meta-sgd"] as const };
  return {
    address,
    gather: () =>
      void group
        .gather(run)
        .catch((error: unknown) => group.close(error).then(() => groups.splice(groups.indexOf(group), 1))),
  };
}

const tokenFile = (folder: string) => writeFileSync(join(folder, "token"), `${token}\n`);
const dataFolder = (folder: string) => {
  tokenFile(folder);
  mkdirSync(join(folder, "data"));
};
const rankOne = (address: string, ...more: string[]) => [
  ...["train", "--data", "data", "--ranks", "2", "--rank", "1", "--rendezvous", address, "--token-file", "token"],
  ...more,
];

/**
 * What the ranks of one training refuse.
 *
 * @param version of this program
 * @param data puts a data folder into a folder
 */
export async function ranksCases(version: string, data: (folder: string) => void): Promise<readonly BadInputCase[]> {
  const same = await rankZero(version);
  const older = await rankZero("0.0.1");
  const withSettings = await gathering(version);
  const withData = await gathering(version);
  return [
    {
      name: "a rank out of range",
      before: tokenFile,
      args: ["train", "--ranks", "2", "--rank", "2", "--rendezvous", "127.0.0.1:0", "--token-file", "token"],
      status: 2,
      says: [/--rank: 2\. Expected 0 to 1/],
    },
    {
      name: "a rank without the number of ranks",
      args: ["train", "--rank", "1"],
      status: 2,
      says: [/--rank: no --ranks/],
    },
    {
      name: "ranks without a token",
      args: ["train", "--ranks", "2", "--rank", "1", "--rendezvous", "127.0.0.1:1"],
      status: 2,
      says: [/no --token-file/],
    },
    {
      name: "a rendezvous without a port",
      args: ["train", "--ranks", "2", "--rank", "1", "--rendezvous", "node1"],
      status: 2,
      says: [/--rendezvous/, /HOST:PORT/],
    },
    {
      name: "a token that is too short",
      before: (folder) => writeFileSync(join(folder, "token"), "secret\n"),
      args: rankOne("127.0.0.1:1"),
      status: 3,
      says: [/a token of 6 characters/, /16/],
    },
    {
      name: "a rank above 0 that resumes",
      before: tokenFile,
      args: ["train", "--resume", "x", "--ranks", "2", "--rank", "1", "--rendezvous", "h:1", "--token-file", "token"],
      status: 2,
      says: [/--resume at rank 1/, /--data/],
    },
    {
      name: "a rank above 0 without data",
      before: tokenFile,
      args: ["train", "--ranks", "2", "--rank", "1", "--rendezvous", "h:1", "--token-file", "token"],
      status: 2,
      says: [/--rank 1: no --data/],
    },
    {
      name: "ranks of an algorithm that is not shared",
      before: (folder) => {
        data(folder);
        tokenFile(folder);
      },
      args: [
        ...["train", "--data", "data", "--algorithm", "gru", "--ranks", "2", "--rank", "0"],
        ...["--rendezvous", "127.0.0.1:0", "--token-file", "token"],
      ],
      status: 2,
      says: [/--ranks: no algorithm with a meta-gradient among gru/],
    },
    {
      name: "ranks with another engine than the SIMD engine",
      before: (folder) => {
        data(folder);
        tokenFile(folder);
      },
      args: [
        ...["train", "--data", "data", "--engine", "tensor", "--ranks", "2", "--rank", "0"],
        ...["--rendezvous", "127.0.0.1:0", "--token-file", "token"],
      ],
      status: 2,
      says: [/--ranks: the tensor engine/],
    },
    {
      name: "a rendezvous port in use",
      before: tokenFile,
      args: [
        ...["train", "--ranks", "2", "--rank", "0", "--rendezvous", `127.0.0.1:${portInUse}`],
        ...["--token-file", "token"],
      ],
      status: 1,
      says: [/another program listens at this address/, /Choose another port/],
    },
    {
      name: "a rank 0 that is not there",
      before: dataFolder,
      args: rankOne(`127.0.0.1:${freePort}`, "--wait-for-ranks", "0.3"),
      status: 1,
      says: [/waits for rank 0 at 127/, /no program listens, for 0\.3 s/, /Start rank 0/],
    },
    {
      name: "ranks that do not join",
      before: (folder) => {
        data(folder);
        tokenFile(folder);
      },
      args: [
        ...["train", "--data", "data", "--algorithm", "maml", "--ranks", "3", "--rank", "0"],
        ...["--rendezvous", "127.0.0.1:0", "--token-file", "token", "--wait-for-ranks", "0.2"],
      ],
      status: 1,
      says: [/Waiting for ranks 1, 2/, /ranks 1, 2 of 3 did not join within 0\.2 s/],
    },
    {
      name: "a rank with another token",
      before: (folder) => {
        dataFolder(folder);
        writeFileSync(join(folder, "token"), "fedcba9876543210\n");
      },
      args: rankOne(same.address),
      status: 3,
      says: [/--token-file of rank 1: another token than rank 0's/],
    },
    {
      name: "a second process of one rank",
      before: async (folder) => {
        dataFolder(folder);
        let joined = () => {};
        const there = new Promise<void>((resolve) => {
          joined = resolve;
        });
        const first = followRanks({
          ...{ place: { ...same.place, rank: 1 }, typed: {}, dataDir: folder },
          progress: joined,
          seconds: () => 0,
          signal: new AbortController().signal,
        });
        first.catch(() => {});
        await there;
      },
      args: rankOne(same.address),
      status: 2,
      says: [/--rank 1: another process has joined as this rank/],
    },
    {
      name: "a rank of another version",
      before: dataFolder,
      args: rankOne(older.address),
      status: 2,
      says: [/rank 1: kshot .*Expected kshot 0\.0\.1, as rank 0 has/],
    },
    {
      name: "a rank with other settings",
      before: (folder) => {
        dataFolder(folder);
        withSettings.gather();
      },
      args: rankOne(withSettings.address, "--iterations", "8"),
      status: 2,
      says: [/rank 1, setting metasgd_config\.num_meta_iterations: 8\. Expected 7, as rank 0 has/],
    },
    {
      name: "a rank with other data",
      before: (folder) => {
        data(folder);
        tokenFile(folder);
        withData.gather();
      },
      args: rankOne(withData.address, "--iterations", "7"),
      status: 3,
      says: [/rank 1, --data: the data [\da-f]{12}…\.? Expected 000000000000…, as rank 0 has/],
    },
  ];
}
