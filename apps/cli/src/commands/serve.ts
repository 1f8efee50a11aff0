import { buildCommand } from "@stricli/core";
import { type ServeFlags, serveFlags } from "../flags/serve.js";
import { withExamples } from "./command.js";

export const serveCommand = withExamples(
  buildCommand<ServeFlags, []>({
    loader: async () => (await import("../run/serve.js")).runServe,
    parameters: { flags: serveFlags },
    docs: {
      brief: "Serve recommendations over HTTP",
      fullDescription:
        'Answers POST /v1/recommend, GET /v1/items, /healthz, /readyz, /metrics and /openapi.json. Prints {"listening": "http://…"} when every thread is ready; SIGTERM or Ctrl-C answers all accepted requests and stops.',
    },
  }),
  [
    ["kshot serve --model RUN"],
    ["kshot serve --model courses=model.safetensors --model songs=other.safetensors --port 0 --workers 2"],
    ["kshot serve --model model.safetensors --host 0.0.0.0 --token-file token.txt --rate-limit 600"],
  ],
);
