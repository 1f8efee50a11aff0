import { type LogEntry, type ModelFileChoice, namedModels, startServer } from "@kshot/serve";
import type { ServeFlags } from "../flags/serve.js";
import { modelOf } from "./model.js";
import { tokenIn } from "./token-file.js";

/** `kshot serve`: listens until SIGTERM or SIGINT. */
export async function runServe(flags: ServeFlags): Promise<void> {
  const models: ModelFileChoice[] = [];
  for (const { name, file } of namedModels(flags.model ?? [])) models.push({ name, file: await modelOf(file) });
  const server = await startServer({
    models,
    host: flags.host,
    port: flags.port,
    queue: flags.queue,
    ...(flags.workers === undefined ? {} : { workers: flags.workers }),
    ...(flags.rateLimit === undefined ? {} : { rateLimit: flags.rateLimit }),
    ...(flags.tokenFile === undefined ? {} : { token: tokenIn(flags.tokenFile) }),
    log: flags.log === "json" ? (entry) => process.stderr.write(`${JSON.stringify(entry)}\n`) : logLine,
  });
  const asked = new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
    process.once("SIGHUP", () => resolve());
  });
  process.stdout.write(`${JSON.stringify({ listening: server.url })}\n`);
  await asked;
  // The second signal ends the program at once.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  await server.stop();
}

function logLine({ time, event, method, route, status, milliseconds, people, message }: LogEntry): void {
  const parts = [method, route, status, milliseconds === undefined ? undefined : `${milliseconds} ms`].filter(
    (part) => part !== undefined,
  );
  const who = people === undefined ? [] : [`${people} ${people === 1 ? "person" : "people"}`];
  process.stderr.write(`${[time, event, ...parts, ...who, message ?? ""].join(" ").trimEnd()}\n`);
}
