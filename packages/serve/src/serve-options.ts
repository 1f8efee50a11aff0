import type { ModelFileChoice } from "./named-models.js";

/** One line of the server's log. Neither what people clicked nor who they are. */
export interface LogEntry {
  readonly time: string;
  readonly event: "request" | "thread" | "error" | "stopping" | "stopped";
  readonly method?: string;
  readonly route?: string;
  readonly status?: number;
  readonly milliseconds?: number;
  readonly people?: number;
  readonly message?: string;
}

/** How a server is started. */
export interface ServeOptions {
  readonly models: readonly ModelFileChoice[];
  /** Address to listen on; the loopback address by default. */
  readonly host?: string;
  /** 0 (default): any free port. */
  readonly port?: number;
  /** Threads that recommend; default: one a core, at most 8. */
  readonly workers?: number;
  /** Requests that may wait for a thread; default 100. One more gets status 503. */
  readonly queue?: number;
  /** Requests a minute from one address; default: no limit. */
  readonly rateLimit?: number;
  /** Text that requests must carry as `Authorization: Bearer …`; default: none. */
  readonly token?: string;
  /** Largest body in bytes; default 1 MiB. */
  readonly bodyLimit?: number;
  /** Milliseconds until a request that still waits gets status 503; default 5,000. */
  readonly timeout?: number;
  /**
   * Milliseconds between the wish to stop and the end of listening; default 300. Requests are answered meanwhile, each with
   * `connection: close`, and `/readyz` says 503: clients with open connections and balancers go elsewhere without losing a request.
   */
  readonly drain?: number;
  /** Receives one entry a request, and what happens to the threads. */
  readonly log?: (entry: LogEntry) => void;
}
