import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port of the loopback address that nothing listens on. */
async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** A Redis that appends each change to a file, so that it continues with its data after a SIGKILL. @param {string} folder */
export async function startRedis(folder) {
  const port = String(await freePort());
  mkdirSync(folder, { recursive: true });
  const options = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--dir", folder];
  let child;
  const client = (...args) => spawnSync("redis-cli", ["-p", port, ...args], { encoding: "utf8" }).stdout.trim();
  const start = async () => {
    child = spawn("redis-server", options, { stdio: "ignore" });
    for (let waited = 0; waited < 30_000; waited += 50) {
      if (client("ping") === "PONG") return;
      await sleep(50);
    }
    throw new Error("redis-server did not start");
  };
  const kill = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
  };
  await start();
  return { url: `redis://localhost:${port}`, client, start, kill };
}
