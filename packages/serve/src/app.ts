import bearerAuth from "@fastify/bearer-auth";
import rateLimit from "@fastify/rate-limit";
import swagger from "@fastify/swagger";
import { entryAt, KshotError, withoutUndefined } from "@kshot/contract";
import {
  itemSearchResponseSchema,
  itemSearchSchema,
  recommendRequestSchema,
  recommendResponseSchema,
  servingErrorSchema,
} from "@kshot/contract/schemas";
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { answerConnectionError, dropBody } from "./connection-errors.js";
import type { ServeOptions } from "./serve-options.js";
import { servingMetrics } from "./serving-metrics.js";
import { OverloadedError, type ThreadPool } from "./thread-pool.js";

/** The part of a model that the routes use. */
export interface ServedModel {
  readonly name: string;
  readonly items: readonly string[];
  readonly titles: readonly string[] | undefined;
}

interface AppOptions extends Omit<ServeOptions, "models"> {
  readonly models: readonly ServedModel[];
  readonly log: NonNullable<ServeOptions["log"]>;
  readonly pool: ThreadPool;
}

/** The routes. `pool` computes answers; the app checks, counts and translates errors. */
export async function buildApp(options: AppOptions) {
  const { pool, models, log, token, bodyLimit = 2 ** 20, timeout = 5000, requestTimeout = 30_000 } = options;
  const app = Fastify({
    bodyLimit,
    logger: false,
    // A request on an open connection is answered while the server stops.
    return503OnClosing: false,
    forceCloseConnections: "idle",
    requestTimeout,
    // Node looks for late requests at an interval, and takes the longer of both limits for the body. A connection's own limit is longer
    // than both, because it closes without an answer.
    http: {
      requestTimeout,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: Math.min(5000, Math.ceil(requestTimeout / 2)),
    },
    connectionTimeout: requestTimeout + 30_000,
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: (_, __, reply) => send(reply, 400, "USAGE", "The address is not a valid URL."),
    clientErrorHandler: answerConnectionError,
  }).withTypeProvider<ZodTypeProvider>();
  const metrics = servingMetrics(pool);
  const started = new WeakMap<FastifyRequest, number>();
  const peopleOf = new WeakMap<FastifyRequest, number>();
  let stopping = false;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Only JSON is read.
  app.removeContentTypeParser("text/plain");
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((_, reply) => send(reply, 404, "NOT_FOUND", "There is no such route."));
  app.addHook("onRequest", async (request) => {
    started.set(request, performance.now());
  });
  app.addHook("onSend", async (_, reply) => {
    if (stopping) reply.header("connection", "close");
  });
  app.addHook("onResponse", async (request, reply) => {
    const milliseconds = performance.now() - (started.get(request) ?? performance.now());
    const route = request.routeOptions.url ?? "none";
    const people = peopleOf.get(request);
    metrics.observe(request.method, route, reply.statusCode, milliseconds / 1000, people ?? 0);
    log({
      ...{ time: new Date().toISOString(), event: "request", method: request.method, route },
      ...{ status: reply.statusCode, milliseconds: Math.round(milliseconds * 100) / 100 },
      ...(people === undefined ? {} : { people }),
    });
  });

  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: { title: "kshot", description: "Recommends from a person's first clicks.", version: "1" },
      ...(token === undefined
        ? {}
        : {
            components: { securitySchemes: { bearer: { type: "http" as const, scheme: "bearer" } } },
            security: [{ bearer: [] }],
          }),
    },
    transform: jsonSchemaTransform,
  });

  app.get("/healthz", { schema: { response: {} } }, async () => ({ status: "alive" }));
  app.get("/readyz", async (_, reply) => {
    if (!stopping && pool.ready) return { status: "ready" };
    return send(reply, 503, "NOT_READY", stopping ? "The server stops." : "A thread is starting.");
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());

  await app.register(async (inner) => {
    const scope = inner.withTypeProvider<ZodTypeProvider>();
    if (options.rateLimit !== undefined) {
      await scope.register(rateLimit, {
        max: options.rateLimit,
        timeWindow: 60_000,
        errorResponseBuilder: (_, { after }) =>
          Object.assign(new Error(`More requests than the limit allows; try again in ${after}.`), { statusCode: 429 }),
      });
    }
    if (token !== undefined) {
      await scope.register(bearerAuth, {
        keys: new Set([token]),
        // The plug-in's type allows only text as `error`, but it sends any value.
        errorResponse: () =>
          ({ error: { code: "UNAUTHORIZED", message: "A valid bearer token is needed." } }) as unknown as {
            error: string;
          },
      });
    }
    scope.get("/metrics", { schema: { hide: true } }, async (_, reply) => {
      reply.header("content-type", metrics.contentType);
      return reply.send(await metrics.text());
    });

    scope.post(
      "/v1/recommend",
      {
        schema: {
          body: recommendRequestSchema,
          response: { 200: recommendResponseSchema, "4xx": servingErrorSchema, 503: servingErrorSchema },
        },
      },
      async (request, reply) => {
        const { history, people, model, ...ranking } = request.body;
        const served = modelOf(model);
        if (served === undefined) return unknownModel(reply, model);
        const histories = people?.map((person) => person.history) ?? [history ?? []];
        peopleOf.set(request, histories.length);
        const gone = new AbortController();
        reply.raw.once("close", () => {
          if (!reply.raw.writableFinished)
            gone.abort(new OverloadedError("STOPPING", "The client has closed the connection."));
        });
        const late = setTimeout(
          () => gone.abort(new OverloadedError("TIMEOUT", "The request has waited too long; try again later.")),
          timeout,
        );
        try {
          const answers = await pool.recommend(
            { model: served.name, histories, options: withoutUndefined(ranking) },
            gone.signal,
          );
          const told = answers.map(({ items, ignored }) => ({ items: [...items], ignored: [...ignored] }));
          if (people === undefined) return entryAt(told, 0);
          return {
            people: told.map((answer, i) => ({
              ...(people[i]?.id === undefined ? {} : { id: people[i].id }),
              ...answer,
            })),
          };
        } finally {
          clearTimeout(late);
        }
      },
    );

    scope.get(
      "/v1/items",
      {
        schema: {
          querystring: itemSearchSchema,
          response: { 200: itemSearchResponseSchema, "4xx": servingErrorSchema },
        },
      },
      async (request, reply) => {
        const { search, limit, model } = request.query;
        const served = modelOf(model);
        if (served === undefined) return unknownModel(reply, model);
        const wanted = search.toLowerCase();
        const found: { item: string; title?: string }[] = [];
        let total = 0;
        for (const [i, item] of served.items.entries()) {
          const title = served.titles?.[i];
          if (!item.toLowerCase().includes(wanted) && !title?.toLowerCase().includes(wanted)) continue;
          total += 1;
          if (found.length < limit) found.push({ item, ...(title === undefined ? {} : { title }) });
        }
        return { items: found, total };
      },
    );
  });

  function modelOf(name: string | undefined): ServedModel | undefined {
    return name === undefined ? models[0] : models.find((model) => model.name === name);
  }

  function unknownModel(reply: FastifyReply, name: string | undefined) {
    const known = models.map((model) => JSON.stringify(model.name)).join(", ");
    return send(reply, 404, "NOT_FOUND", `model: ${JSON.stringify(name)} is not served. Expected one of ${known}.`);
  }

  async function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
    if (hasZodFastifySchemaValidationErrors(error)) {
      const [issue] = error.validation;
      const place = issue?.instancePath.replace(/^\//, "").replaceAll("/", ".") || (error.validationContext ?? "body");
      return send(reply, 400, "USAGE", `${place}: ${issue?.message ?? "not as the schema says"}.`);
    }
    if (error instanceof OverloadedError) {
      reply.header("retry-after", "1");
      return send(reply, 503, error.code, error.message);
    }
    if (KshotError.isInstance(error) && error.code === "USAGE") return send(reply, 400, "USAGE", error.message);
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      log({ time: new Date().toISOString(), event: "error", message: error.message });
      return send(reply, 500, "FAILED", "The request could not be answered.");
    }
    if (status === 413) await dropBody(request.raw);
    return send(reply, status, codes[status] ?? "USAGE", messages[status] ?? error.message);
  }

  const messages: Readonly<Record<number, string>> = {
    400: "The body is not JSON.",
    413: `The body is larger than ${bodyLimit} bytes.`,
    415: "The body is of another type than application/json.",
  };

  return Object.assign(app, {
    /** From now on every answer closes its connection, and `/readyz` reports that the server stops. */
    drain() {
      stopping = true;
    },
  });
}

const codes: Readonly<Record<number, string>> = {
  413: "TOO_LARGE",
  415: "UNSUPPORTED_MEDIA_TYPE",
  429: "RATE_LIMITED",
};

function send(reply: FastifyReply, status: number, code: string, message: string) {
  return reply.status(status).type("application/json").serializer(JSON.stringify).send({ error: { code, message } });
}
