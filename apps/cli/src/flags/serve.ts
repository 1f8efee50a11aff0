import { type FlagsOf, optional, several, standard, standardWords } from "./flag.js";
import { wholeNumber } from "./parsers.js";

/** Flags of `serve`. */
export interface ServeFlags {
  readonly model?: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly workers?: number;
  readonly queue: number;
  readonly rateLimit?: number;
  readonly tokenFile?: string;
  readonly log: "json" | "text";
}

export const serveFlags: FlagsOf<ServeFlags> = {
  model: several(
    "[NAME=]FILE|RUN",
    String,
    "A model's .safetensors, or a run's folder for its model of the best validation MRR; repeat the flag, the first is the default",
  ),
  host: standard("ADDRESS", String, "127.0.0.1", "Address to listen on"),
  port: standard("N", wholeNumber(0, 65_535), "8080", "Port to listen on; 0: any free one"),
  workers: optional("N", wholeNumber(1, 64), "Threads that recommend", "one per core, at most 8"),
  queue: standard(
    "N",
    wholeNumber(1, 1_000_000),
    "100",
    "Requests that may wait for a thread; further ones get status 503",
  ),
  rateLimit: optional("N", wholeNumber(1, 1_000_000_000), "Requests per minute from one address", "no limit"),
  tokenFile: optional(
    "FILE",
    String,
    "File of the bearer token that requests must carry, 16 characters or more",
    "none",
  ),
  log: standardWords(["json", "text"], "json", "Form of the log on standard error: one line per request"),
};
