import { openRecommender, type Recommender } from "@kshot/recommend";

/** Files that were uploaded with the function. Such runtimes cannot compile WebAssembly at run time. */
export interface EdgeFiles {
  /** Bytes of the model. */
  readonly model: Uint8Array;
  /** `import module from "@kshot/gru-simd/simd.wasm"` on most platforms. */
  readonly module: WebAssembly.Module;
}

/** A function for the edge: one export `fetch`, only web standards, no Node. The first request opens the model. */
export function edgeHandler({ model, module }: EdgeFiles): { fetch(request: Request): Promise<Response> } {
  let opened: Promise<Recommender> | undefined;
  return {
    async fetch(request) {
      if (request.method !== "POST") return Response.json({ error: "POST a history." }, { status: 405 });
      const told = (await request.json().catch(() => undefined)) as { history: string[] } | undefined;
      opened ??= openRecommender(model, { module, build: "simd" });
      try {
        const { items, ignored } = await (await opened).recommend(told?.history as string[], {
          top: 5,
          unknown: "skip",
        });
        return Response.json({ items, ignored });
      } catch (error) {
        const wrong = (error as { code?: string }).code === "USAGE";
        return Response.json({ error: wrong ? (error as Error).message : "Failed." }, { status: wrong ? 400 : 500 });
      }
    },
  };
}
