/**
 * Requests at random times (a Poisson process), independent of earlier answers, as people send them. A tool that opens N
 * connections and sends the next request after each answer never has more than N requests waiting.
 *
 * A separate process: `node arrivals.js URL RATE SECONDS`. Prints milliseconds from each planned arrival to the answer, and
 * statuses.
 */
import { Agent, request } from "node:http";
import { histories } from "./histories.js";

const [url, rate, seconds] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: 512 });
const times = [];
const statuses = {};
let open = 0;
let i = 0;

function ask(planned) {
  open += 1;
  const body = histories[i++ % histories.length];
  const done = (status) => {
    open -= 1;
    times.push(performance.now() - planned);
    statuses[status] = (statuses[status] ?? 0) + 1;
  };
  const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
  const sent = request(`${url}/v1/recommend`, { method: "POST", agent, headers }, (response) => {
    response.resume();
    response.on("end", () => done(response.statusCode));
  });
  sent.on("error", () => done("error"));
  sent.end(body);
}

const begin = performance.now();
let next = begin;
await new Promise((resolve) => {
  const timer = setInterval(() => {
    const now = performance.now();
    while (next <= now) {
      ask(next);
      next += (-1000 * Math.log(1 - Math.random())) / rate;
    }
    if (now - begin < 1000 * seconds) return;
    clearInterval(timer);
    resolve();
  }, 1);
});
while (open > 0) await new Promise((resolve) => setTimeout(resolve, 10));
times.sort((a, b) => a - b);
const at = (share) => Math.round(10 * (times[Math.floor(share * (times.length - 1))] ?? Number.NaN)) / 10;
console.log(JSON.stringify({ requests: times.length, p50: at(0.5), p99: at(0.99), max: at(1), statuses }));
agent.destroy();
