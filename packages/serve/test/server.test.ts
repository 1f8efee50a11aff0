import { connect } from "node:net";
import { openRecommender } from "@kshot/recommend";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LogEntry, namedModels, type RunningServer, startServer } from "../dist/index.js";
import { modelFolder } from "./model-file.js";

const models = modelFolder();
const titles = ["Algebra", "Botany", "Chemistry", "Drama", "Economics", "French", "Geology"];
const courses = models.write("courses.safetensors", { titles });
const songs = models.write("songs.safetensors", { items: ["x", "y", "z"] });
const log: LogEntry[] = [];
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({
    models: namedModels([courses, `songs=${songs}`]),
    workers: 2,
    log: (entry) => log.push(entry),
  });
});
afterAll(async () => {
  await server.stop();
  models.remove();
});

const post = (body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/v1/recommend`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
const get = (path: string) => fetch(`${server.url}${path}`);

describe("POST /v1/recommend", () => {
  it("answers one person as the library does", async () => {
    const recommender = await openRecommender(courses);
    const { items } = await recommender.recommend(["a", "b", "c"], { top: 3, newOnly: true });
    recommender.close();
    const response = await post({ history: ["a", "b", "c"], top: 3, newOnly: true });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ items, ignored: [] });
  });

  it("answers many people, by their ids", async () => {
    const people = [{ id: "ada", history: ["a", "b"] }, { history: [["c"], ["d", "e"]] }, { id: "bob", history: [] }];
    const answer = (await (await post({ people, top: 2 })).json()) as { people: { id?: string; items: unknown[] }[] };
    expect(answer.people.map(({ id }) => id)).toEqual(["ada", undefined, "bob"]);
    const alone = (await (await post({ history: ["a", "b"], top: 2 })).json()) as { items: unknown[] };
    expect(answer.people[0]!.items).toEqual(alone.items);
  });

  it("answers with the named model", async () => {
    const answer = (await (await post({ history: ["x"], model: "songs" })).json()) as { items: { item: string }[] };
    expect(answer.items.map(({ item }) => item).sort()).toEqual(["x", "y", "z"]);
  });

  it("ninety simultaneous requests each get their own answer", async () => {
    const histories = Array.from({ length: 90 }, (_, i) => ["abcdefg"[i % 7]!, "abcdefg"[(i * 3 + 1) % 7]!]);
    const recommender = await openRecommender(courses);
    const expected = await recommender.recommendMany(histories, { top: 4 });
    recommender.close();
    const answers = await Promise.all(histories.map(async (history) => (await post({ history, top: 4 })).json()));
    expect(answers).toEqual(expected.map(({ items }) => ({ items, ignored: [] })));
  });

  it("skips unknown items if asked, and lists them", async () => {
    const answer = (await (await post({ history: ["a", "?"], unknown: "skip" })).json()) as { ignored: string[] };
    expect(answer.ignored).toEqual(["?"]);
  });
});

describe("refuses with a code and one sentence", () => {
  it.each<[string, unknown, number, string, RegExp]>([
    ["invalid JSON", "{", 400, "USAGE", /not JSON/],
    ["an empty object", {}, 400, "USAGE", /either history or people/],
    ["history and people", { history: [], people: [{ history: [] }] }, 400, "USAGE", /not both/],
    ["a history of numbers", { history: [1] }, 400, "USAGE", /^history: expected a list of items, .* sessions/],
    ["a key that is not known", { history: [], tops: 3 }, 400, "USAGE", /tops/],
    ["top 0", { history: ["a"], top: 0 }, 400, "USAGE", /^top/],
    ["an unknown item", { history: ["Algebr"] }, 400, "USAGE", /near it: "Algebra"/],
    ["an unknown candidate", { history: ["a"], among: ["?"] }, 400, "USAGE", /among/],
    ["a model that is not served", { history: ["a"], model: "films" }, 404, "NOT_FOUND", /"courses", "songs"/],
    ["an id with a control character", { people: [{ id: "a\u0007", history: [] }] }, 400, "USAGE", /control/],
    ["a body of 10 MB", { history: ["a".repeat(1e7)] }, 413, "TOO_LARGE", /larger than 1048576 bytes/],
  ])("%s", async (_, body, status, code, message) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as { error: { code: string; message: string } };
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.message).not.toMatch(/\/|node_modules|at .*:\d+/);
  });

  it("a body of another kind, an unknown route, a wrong method", async () => {
    for (const type of ["text/xml", "text/plain"]) {
      expect((await post("<a/>", { "content-type": type })).status).toBe(415);
    }
    for (const path of ["/v1/none", "/v1/recommend", "/%2e%2e/etc/passwd"]) {
      const response = await get(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ error: { code: "NOT_FOUND", message: "There is no such route." } });
    }
  });

  /** The answer to bytes on a new connection. */
  function answerTo(bytes: string): Promise<string> {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
    let text = "";
    socket.on("data", (piece) => (text += piece));
    socket.write(bytes);
    return new Promise((resolve) => socket.once("close", () => resolve(text)));
  }
  it.each<[string, string, number, string]>([
    ["bytes that are not HTTP", "\u0016\u0003\u0001hello\r\n\r\n", 400, "USAGE"],
    [
      "a length and chunks",
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n",
      400,
      "USAGE",
    ],
    ["headers of 100 KB", `GET / HTTP/1.1\r\nhost: x\r\nx: ${"a".repeat(1e5)}\r\n\r\n`, 431, "TOO_LARGE"],
    ["an address that is not a URL", "GET /% HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 400, "USAGE"],
  ])("%s", async (_, bytes, status, code) => {
    const [head = "", body = ""] = (await answerTo(bytes)).split("\r\n\r\n");
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(JSON.parse(body)).toEqual({ error: { code, message: expect.stringMatching(/^[A-Z][^/]*\.$/) } });
  });

  it("200 clients that send half a request and wait do not keep others from their answers", async () => {
    const { port } = new URL(server.url);
    const hanging = Array.from({ length: 200 }, () => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.on("error", () => {});
      socket.write(
        "POST /v1/recommend HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
      );
      return socket;
    });
    expect((await post({ history: ["a", "b"] })).status).toBe(200);
    for (const socket of hanging) socket.destroy();
  });

  it("a client that disconnects in the middle of its body does not stop the server", async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), "127.0.0.1");
    await new Promise<void>((resolve) => socket.once("connect", () => resolve()));
    socket.write(
      "POST /v1/recommend HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{",
    );
    socket.destroy();
    expect((await get("/healthz")).status).toBe(200);
  });
});

describe("the other routes", () => {
  it("searches items by name and title", async () => {
    expect(await (await get("/v1/items?search=EOL")).json()).toEqual({
      items: [{ item: "g", title: "Geology" }],
      total: 1,
    });
    expect(await (await get("/v1/items?limit=2&model=songs")).json()).toMatchObject({
      items: [{ item: "x" }, { item: "y" }],
      total: 3,
    });
    expect((await get("/v1/items?limit=0")).status).toBe(400);
  });

  it("says that it is alive and ready", async () => {
    expect(await (await get("/healthz")).json()).toEqual({ status: "alive" });
    expect(await (await get("/readyz")).json()).toEqual({ status: "ready" });
  });

  it("shows metrics", async () => {
    await post({ history: ["a"] });
    const text = await (await get("/metrics")).text();
    expect(text).toMatch(/kshot_http_request_seconds_count\{method="POST",route="\/v1\/recommend",status="200"\} \d+/);
    expect(text).toMatch(/kshot_people_total \d+/);
    expect(text).toMatch(/kshot_requests_waiting 0/);
  });

  it("describes itself by the schemas", async () => {
    const api = (await (await get("/openapi.json")).json()) as {
      paths: Record<
        string,
        { post?: { requestBody: { content: Record<string, { schema: { properties: object } }> } } }
      >;
    };
    expect(Object.keys(api.paths).sort()).toEqual(["/healthz", "/readyz", "/v1/items", "/v1/recommend"]);
    const { schema } = api.paths["/v1/recommend"]!.post!.requestBody.content["application/json"]!;
    expect(Object.keys(schema.properties)).toEqual(
      expect.arrayContaining(["history", "people", "top", "newOnly", "unknown", "among", "exclude", "model"]),
    );
  });

  it("logs neither clicks nor people", async () => {
    log.length = 0;
    await post({ people: [{ id: "ada", history: ["a"] }] });
    await get("/v1/items?search=Drama");
    expect(log.map(({ route, status, people }) => ({ route, status, people }))).toEqual([
      { route: "/v1/recommend", status: 200, people: 1 },
      { route: "/v1/items", status: 200, people: undefined },
    ]);
    expect(JSON.stringify(log)).not.toMatch(/ada|Drama/);
  });
});

describe("limits", () => {
  const start = (options: Partial<Parameters<typeof startServer>[0]>) =>
    startServer({ models: namedModels([courses]), workers: 1, ...options });
  const ask = (url: string, headers: Record<string, string> = {}, body: unknown = { history: ["a", "b"] }) =>
    fetch(`${url}/v1/recommend`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });

  it("a full queue answers 503 with Retry-After, and the others are answered", async () => {
    const small = await start({ queue: 2 });
    const people = Array.from({ length: 1000 }, () => ({ history: ["a", "b", "c"] }));
    const responses = await Promise.all(Array.from({ length: 40 }, () => ask(small.url, {}, { people })));
    const refused = responses.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(0);
    expect(responses.filter(({ status }) => status === 200).length).toBe(40 - refused.length);
    expect(refused[0]!.headers.get("retry-after")).toBe("1");
    expect(await refused[0]!.json()).toMatchObject({ error: { code: "OVERLOADED" } });
    await small.stop();
  });

  it("a request that waits too long answers 503", async () => {
    const slow = await start({ timeout: 1 });
    const people = Array.from({ length: 1000 }, () => ({ history: ["a", "b", "c", "d", "e"] }));
    const responses = await Promise.all(Array.from({ length: 5 }, () => ask(slow.url, {}, { people })));
    expect(responses.some(({ status }) => status === 503)).toBe(true);
    await slow.stop();
  });

  it("a request that does not arrive completely answers 408", async () => {
    const strict = await start({ requestTimeout: 300 });
    const socket = connect(Number(new URL(strict.url).port), "127.0.0.1");
    let text = "";
    socket.on("data", (piece) => (text += piece));
    socket.write(
      "POST /v1/recommend HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{",
    );
    await new Promise((resolve) => socket.once("close", resolve));
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
    expect(JSON.parse(text.split("\r\n\r\n")[1]!)).toMatchObject({ error: { code: "TIMEOUT" } });
    expect((await ask(strict.url)).status).toBe(200);
    await strict.stop();
  });

  it("a token is asked for, but not for health", async () => {
    const token = "a-token-of-some-length";
    const closed = await start({ token });
    expect((await ask(closed.url)).status).toBe(401);
    const wrong = await ask(closed.url, { authorization: "Bearer another-token-of-length" });
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toEqual({ error: { code: "UNAUTHORIZED", message: "A valid bearer token is needed." } });
    expect((await ask(closed.url, { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await fetch(`${closed.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${closed.url}/readyz`)).status).toBe(200);
    await closed.stop();
  });

  it("a rate limit answers 429", async () => {
    const limited = await start({ rateLimit: 2 });
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await ask(limited.url)).status);
    expect(statuses).toEqual([200, 200, 429]);
    await limited.stop();
  });

  it("a stop under load answers every request that the server has read", async () => {
    const entries: LogEntry[] = [];
    const leaving = await start({ queue: 1000, workers: 2, log: (entry) => entries.push(entry) });
    let answered = 0;
    const client = async () => {
      for (;;) {
        const response = await ask(leaving.url).catch(() => undefined);
        // The server no longer listens.
        if (response === undefined) return;
        expect(response.status).toBe(200);
        await response.json();
        answered += 1;
      }
    };
    const clients = Array.from({ length: 20 }, client);
    while (answered < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    await leaving.stop();
    await Promise.all(clients);
    const requests = entries.filter(({ event }) => event === "request");
    expect(requests.every(({ status }) => status === 200)).toBe(true);
    expect(answered).toBe(requests.length);
    expect(answered).toBeGreaterThan(100);
  });

  it.each<[string, Partial<Parameters<typeof startServer>[0]>, RegExp]>([
    ["a model that is not there", { models: [{ name: "m", file: "none.safetensors" }] }, /no such file/],
    ["0 workers", { workers: 0 }, /workers: 0/],
    ["a short token", { token: "short" }, /token: 5 characters/],
  ])("does not start with %s", async (_, options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  it("does not start on a port that is in use", async () => {
    await expect(start({ port: Number(new URL(server.url).port) })).rejects.toThrow(/the port is in use/);
  });
});

describe("names of models", () => {
  it("are the file's, or given", () => {
    expect(namedModels(["a/courses.safetensors", "s=b/c.safetensors"])).toEqual([
      { name: "courses", file: "a/courses.safetensors" },
      { name: "s", file: "b/c.safetensors" },
    ]);
  });
  it.each([[[]], [["m=a", "m=b"]], [["m="]]])("%j is refused", (texts) => {
    expect(() => namedModels(texts)).toThrow(/--model/);
  });
});
