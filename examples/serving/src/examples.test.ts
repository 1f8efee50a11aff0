import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { chromiumPath, openChromium } from "@kshot/chromium";
import { openRecommender } from "@kshot/recommend";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { edgeHandler } from "./edge-handler.js";
import { fastifyApplication } from "./fastify-handler.js";
import { honoApplication } from "./hono-handler.js";

const require = createRequire(import.meta.url);
const model = require.resolve("@kshot/recommend/example/campus.safetensors");
const wasm = createRequire(require.resolve("@kshot/recommend/package.json")).resolve("@kshot/gru-simd/simd.wasm");
const history = ["biology-01", "biology-02"];
let expected: readonly { readonly item: string }[];

beforeAll(async () => {
  const recommender = await openRecommender(model);
  expected = (await recommender.recommend(history, { top: 5, newOnly: true })).items;
  recommender.close();
});

/** An application as a function from requests to responses. */
const applications: Record<string, () => Promise<(request: Request) => Promise<Response>>> = {
  async hono() {
    const app = await honoApplication(model);
    return async (request) => app.fetch(request);
  },
  async fastify() {
    const app = await fastifyApplication(model);
    return async (request) => {
      const { statusCode, body } = await app.inject({
        ...{ method: "POST", url: "/recommend", payload: await request.text() },
        headers: { "content-type": "application/json" },
      });
      return new Response(body, { status: statusCode });
    };
  },
  async edge() {
    const files = { model: readFileSync(model), module: await WebAssembly.compile(readFileSync(wasm)) };
    return (request) => edgeHandler(files).fetch(request);
  },
};

describe.each(Object.entries(applications))("%s", (name, start) => {
  const asked = (body: string) => new Request("http://localhost/recommend", { method: "POST", body });

  it("answers as the library does, and names unknown items", async () => {
    const response = await (await start())(asked(JSON.stringify({ history: [...history, "?"] })));
    expect(response.status).toBe(200);
    const { items, ignored } = (await response.json()) as { items: { item: string }[]; ignored: string[] };
    expect(ignored).toEqual(["?"]);
    const wanted = name === "edge" ? items.filter(({ item }) => !history.includes(item)) : items;
    expect(expected.slice(0, wanted.length).map(({ item }) => item)).toEqual(wanted.map(({ item }) => item));
    expect(wanted.length).toBeGreaterThan(1);
  });

  it.each(["{", '{"history": 3}'])("refuses %s with a sentence and without details of the machine", async (body) => {
    const response = await (await start())(asked(body));
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: string };
    expect(error).toMatch(/\S+ \S+/);
    expect(error).not.toMatch(/node_modules|\n/);
  });
});

describe.skipIf(chromiumPath === undefined)("the page", () => {
  it("recommends after each click, in under 100 lines", async () => {
    const page = readFileSync(fileURLToPath(new URL("../page.html", import.meta.url)), "utf8");
    expect(page.split("\n").length).toBeLessThan(100);
    const { outputFiles } = await build({
      stdin: {
        contents: 'export * from "@kshot/recommend";',
        resolveDir: fileURLToPath(new URL(".", import.meta.url)),
      },
      ...{ bundle: true, format: "esm", write: false, logLevel: "silent" },
    });
    const files: Record<string, [string, string | Uint8Array]> = {
      "/": ["text/html", page],
      "/recommend.js": ["text/javascript", outputFiles[0]!.contents],
      "/model.safetensors": ["application/octet-stream", readFileSync(model)],
    };
    const server = createServer(({ url }, response) => {
      const [type, content] = files[url ?? ""] ?? [];
      response.writeHead(type === undefined ? 404 : 200, { "content-type": type ?? "text/plain" }).end(content);
    });
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    const browser = await openChromium();
    try {
      const tab = await browser.newPage();
      await tab.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
      for (const [i, item] of ["Biology: Foundations", "Biology: Methods"].entries()) {
        await tab.locator("#all").getByText(item, { exact: true }).click();
        await tab.locator("#clicks li").nth(i).waitFor();
      }
      await tab.waitForFunction(() => document.querySelectorAll("#next button").length === 5);
      const told = await tab.locator("#next button").allTextContents();
      expect(told).toEqual(expected.map((entry) => (entry as { title?: string }).title));
      expect(await tab.locator('[role="alert"]').textContent()).toBe("");
    } finally {
      await browser.close();
      server.close();
    }
  });
});
