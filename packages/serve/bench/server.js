/**
 * The server of the benchmark, in a separate process: `node server.js MODEL [WORKERS]`. It prints its address, and its memory
 * when asked.
 */
import { startServer } from "../dist/index.js";

const [file, workers] = process.argv.slice(2);
const server = await startServer({
  models: [{ name: "bench", file }],
  ...(workers === undefined ? {} : { workers: Number(workers) }),
});
process.on("message", () => process.send({ rss: process.memoryUsage.rss() }));
process.once("SIGTERM", () => server.stop().then(() => process.exit(0)));
process.send({ url: server.url });
