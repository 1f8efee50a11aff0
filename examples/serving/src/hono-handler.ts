import { KshotError } from "@kshot/contract";
import { openRecommender } from "@kshot/recommend";
import { Hono } from "hono";

/** A Hono application that recommends. It runs on every platform of Hono. @param model path, URL or bytes of a model */
export async function honoApplication(model: string | URL | Uint8Array): Promise<Hono> {
  const recommender = await openRecommender(model);
  const app = new Hono();
  app.post("/recommend", async (context) => {
    const { history } = await context.req.json<{ history: string[] }>();
    const { items, ignored } = await recommender.recommend(history, { top: 5, newOnly: true, unknown: "skip" });
    return context.json({ items, ignored });
  });
  app.onError((error, context) =>
    // The message of a wrong request is returned; other errors are not.
    KshotError.isInstance(error) && error.code === "USAGE"
      ? context.json({ error: error.message }, 400)
      : context.json(
          { error: error instanceof SyntaxError ? "The body is not JSON." : "Failed." },
          error instanceof SyntaxError ? 400 : 500,
        ),
  );
  return app;
}
