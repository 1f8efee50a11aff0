import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** The strictest policy that works: its own scripts, workers and files, and permission to compile WebAssembly. */
const policy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; worker-src 'self'; connect-src 'self'";

/** The headers that isolate a page across origins. */
const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Serves files of a folder: below `/isolated/` with the headers of isolation, below `/plain/` without, below `/strict/` without permission for WebAssembly. */
export async function servePages(folder: string): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(({ url }, response) => {
    const { pathname } = new URL(url as string, "http://localhost");
    const [, mode, path] = /^\/(isolated|plain|strict)(\/.*)$/.exec(pathname) ?? [];
    const file = join(folder, path?.endsWith("/") ? `${path}index.html` : (path ?? ""));
    try {
      const body = readFileSync(file);
      response.writeHead(200, {
        "content-type": types[extname(file)] ?? "application/octet-stream",
        "content-security-policy": mode === "strict" ? policy.replace("'wasm-unsafe-eval' ", "") : policy,
        ...(mode === "isolated" ? isolation : {}),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://localhost:${port}`, close: () => void server.close() };
}
