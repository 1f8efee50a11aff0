import { buildCommand } from "@stricli/core";
import { type PrepareFlags, prepareFlags } from "../flags/prepare.js";
import { withExamples } from "./command.js";

export const prepareCommand = withExamples(
  buildCommand<PrepareFlags, string[]>({
    loader: async () => (await import("../run/prepare.js")).runPrepare,
    parameters: {
      aliases: { k: "k", q: "q" },
      flags: prepareFlags,
      positional: { kind: "array", parameter: { parse: String, placeholder: "FILE", brief: "More files of events" } },
    },
    docs: {
      brief: "Turn files of events into a data folder",
      fullDescription:
        "Orders events by time, cuts sessions, makes (history → next) pairs and episodes, splits the people.",
    },
  }),
  [
    ["kshot prepare --input events.csv --user user_id --item item_id --time created_at --out data"],
    ["kshot prepare --input events.csv --session-gap none --max-prefix 0 --split .6,.2,.2 --out data"],
    ["kshot prepare --input january.jsonl.gz february.parquet --time ts --time-unit ms --out data"],
    ["kshot prepare --input events.csv --titles items.csv:item_id:name --out data"],
    ["kshot prepare --input ratings.dat --no-header --sep :: --user 1 --item 2 --time 4 --out data"],
    [
      "kshot prepare --input u.data --no-header --user 1 --item 2 --time 4 --titles u.item:1:2 --titles-encoding latin-1 --out data",
    ],
    ["kshot prepare --input events.csv --where 'rating >= 4' --min-events-per-item 5 --out data"],
  ],
);
