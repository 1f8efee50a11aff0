/**
 * The server of the benchmark, in a separate process: `node server.js MODEL [WORKERS]`. It tells its address, its memory when
 * asked, and after SIGTERM how many requests it has read, by the status of their answers.
 */
import { startServer } from "../dist/index.js";

const [file, workers] = process.argv.slice(2);
let read = {};
const server = await startServer({
  models: [{ name: "bench", file }],
  log: ({ event, status }) => {
    if (event === "request") read[status] = (read[status] ?? 0) + 1;
  },
  ...(workers === undefined ? {} : { workers: Number(workers) }),
});
process.on("message", (message) => {
  if (message === "count again") read = {};
  else process.send({ rss: process.memoryUsage.rss() });
});
process.once("SIGTERM", async () => {
  await server.stop();
  process.send({ read }, () => process.exit(0));
});
process.send({ url: server.url });
