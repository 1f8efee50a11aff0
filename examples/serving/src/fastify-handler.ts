import { KshotError } from "@kshot/contract";
import { openRecommender } from "@kshot/recommend";
import Fastify, { type FastifyInstance } from "fastify";

const body = {
  type: "object",
  required: ["history"],
  properties: { history: { type: "array", items: { type: "string" }, maxItems: 10_000 } },
} as const;

/** A Fastify application that recommends. @param model path, URL or bytes of a model */
export async function fastifyApplication(model: string | URL | Uint8Array): Promise<FastifyInstance> {
  const recommender = await openRecommender(model);
  // Without this, a number would be converted to a list of one text.
  const app = Fastify({ ajv: { customOptions: { coerceTypes: false } } });
  app.post<{ Body: { history: string[] } }>("/recommend", { schema: { body } }, async ({ body: { history } }) => {
    const { items, ignored } = await recommender.recommend(history, { top: 5, newOnly: true, unknown: "skip" });
    return { items, ignored };
  });
  app.setErrorHandler<Error & { statusCode?: number }>((error, _, reply) => {
    const status = KshotError.isInstance(error) && error.code === "USAGE" ? 400 : (error.statusCode ?? 500);
    return reply.status(status).send({ error: status < 500 ? error.message : "Failed." });
  });
  app.addHook("onClose", () => recommender.close());
  return app;
}
