import { startServer } from "../../packages/serve/dist/index.js";
import { mutate } from "./mutate.js";

const bodies = [
  { history: ["course-1", "course-2", "course-3"], top: 5 },
  {
    people: [
      { id: "a", history: [["course-1"], ["course-2", "course-3"]] },
      { id: "b", history: ["course-4"] },
    ],
    ...{ unknown: "skip", newOnly: true, among: ["course-5", "course-6"], exclude: ["course-6"], model: "m" },
  },
].map((body) => Buffer.from(JSON.stringify(body)));
const query = Buffer.from("search=course&limit=5&model=m");
const types = [
  "application/json",
  "application/json; charset=utf-16",
  "text/plain",
  "application/x-www-form-urlencoded",
];

/**
 * Changed requests to a server of one model. An answer is one of the documented states with JSON; a refusal has a code and a
 * message.
 *
 * @param {string} model file
 */
export async function requestTarget(model) {
  const server = await startServer({ models: [{ name: "m", file: model }], workers: 1 });
  return {
    stop: () => server.stop(),
    /** @param {() => number} random in [0, 1) */
    makeRequest(random) {
      if (random() < 0.2) {
        const text = mutate(query, random).toString("latin1");
        return { bytes: Buffer.from(text), path: `/v1/items?${encodeURI(text)}`, options: {} };
      }
      const bytes = mutate(bodies[Math.floor(random() * bodies.length)], random);
      const type = random() < 0.9 ? types[0] : types[Math.floor(random() * types.length)];
      return {
        bytes,
        path: "/v1/recommend",
        options: { method: "POST", body: bytes, headers: { "content-type": type } },
      };
    },
    /** @returns {Promise<{ status: number, stdout: string, stderr: string, thrown?: string, hung?: boolean }>} */
    async ask({ path, options }, ms) {
      try {
        const response = await fetch(`${server.url}${path}`, { ...options, signal: AbortSignal.timeout(ms) });
        const text = await response.text();
        const { error } = JSON.parse(text);
        if (response.status === 200) return { status: 0, stdout: text, stderr: "" };
        const refused = [400, 404, 413, 415].includes(response.status) && error?.code && error?.message;
        return refused
          ? { status: 2, stdout: "", stderr: `${response.status} ${error.code}: ${error.message}` }
          : { status: 1, stdout: "", stderr: "", thrown: `${response.status} ${text}` };
      } catch (error) {
        if (error.name === "TimeoutError") return { hung: true };
        return { status: 1, stdout: "", stderr: "", thrown: String(error) };
      }
    },
  };
}
