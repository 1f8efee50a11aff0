import type { ModelFileChoice } from "./named-models.js";

/** One line of the server's log. It contains neither clicks nor ids of people. */
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

/** Options of a server. */
export interface ServeOptions {
  readonly models: readonly ModelFileChoice[];
  /** Address to listen on; the loopback address by default. */
  readonly host?: string;
  /** 0 (default): any free port. */
  readonly port?: number;
  /** Threads that recommend; default: one per core, at most 8. */
  readonly workers?: number;
  /** Requests that may wait for a thread; default 100. Further requests get status 503. */
  readonly queue?: number;
  /** Requests per minute from one address; default: no limit. */
  readonly rateLimit?: number;
  /** Text that requests must carry as `Authorization: Bearer …`; default: none. */
  readonly token?: string;
  /** Largest body in bytes; default 1 MiB. */
  readonly bodyLimit?: number;
  /** Milliseconds after which a request that still waits gets status 503; default 5,000. */
  readonly timeout?: number;
  /** Milliseconds in which a request has to arrive completely; later it gets status 408. Default 30,000. */
  readonly requestTimeout?: number;
  /**
   * Milliseconds between the stop signal and the end of listening; default 300. During this time requests are answered, each with
   * `connection: close`, and `/readyz` answers 503: clients with open connections and load balancers switch to other servers
   * without losing a request.
   */
  readonly drain?: number;
  /** Called with one entry per request, and with events of the threads. */
  readonly log?: (entry: LogEntry) => void;
}
