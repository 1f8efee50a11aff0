import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ThreadPool } from "./thread-pool.js";

/** The content of `/metrics`, in the text format of Prometheus: only names of routes and models, no data of people. */
export function servingMetrics(pool: ThreadPool) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: "kshot_http_request_seconds",
    help: "Time from a request to its answer",
    labelNames: ["method", "route", "status"] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  const people = new Counter({
    name: "kshot_people_total",
    help: "People that recommendations were made for",
    registers: [registry],
  });
  new Gauge({
    name: "kshot_requests_waiting",
    help: "Requests that wait for a thread",
    registers: [registry],
    collect() {
      this.set(pool.waiting);
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    observe(method: string, route: string, status: number, duration: number, served: number) {
      seconds.observe({ method, route, status: String(status) }, duration);
      if (status === 200) people.inc(served);
    },
  };
}
