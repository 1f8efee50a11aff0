import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BadInputCase } from "./bad-input-case.js";

const plan = (more: object = {}) => ({
  ...{ format: "kshot.plan/1", id: "0123456789abcdef", version: "0.0.1", tries: 3, lease: 60 },
  cells: [{ name: "a, seed 1", needs: [] }],
  work: { kind: "suite", project: ".", data: "data", choices: [null] },
  ...more,
});
const written = (value: object) => (folder: string) => writeFileSync(join(folder, "plan.json"), JSON.stringify(value));

/**
 * What `suite` and `population` refuse.
 *
 * @param version - of this program
 */
export const fleetCases = (version: string): readonly BadInputCase[] => [
  {
    name: "work in a folder without a plan",
    args: ["suite", "work", "."],
    status: 3,
    says: [/no plan\.json/, /kshot suite plan/],
  },
  {
    name: "a plan of another version",
    before: written(plan()),
    args: ["suite", "status", "."],
    status: 3,
    says: [/plan\.json: a plan of kshot 0\.0\.1/, /Install kshot 0\.0\.1/],
  },
  {
    name: "a plan of another kind",
    before: written(plan({ version })),
    args: ["population", "status", "."],
    status: 2,
    says: [/the plan of a suite/, /kshot suite/],
  },
  {
    name: "an invalid plan",
    before: written({ format: "kshot.plan/1", cells: [] }),
    args: ["suite", "status", "."],
    status: 3,
    says: [/plan\.json/, /version/],
  },
  {
    name: "a cell that the plan does not have",
    before: written(plan({ version })),
    args: ["suite", "cell", ".", "--index", "1"],
    status: 2,
    says: [/--index: 1/, /the plan has 1 cells/],
  },
  {
    name: "a cell without a number",
    before: written(plan({ version })),
    args: ["suite", "cell", "."],
    status: 2,
    says: [/SLURM_ARRAY_TASK_ID/],
  },
  {
    name: "a queue of an unknown kind",
    before: written(plan({ version })),
    args: ["suite", "work", ".", "--queue", "amqp://queue.example"],
    status: 2,
    says: [/--queue amqp:/, /redis:\/\//],
  },
  {
    name: "a suite that is finished too early",
    before: written(plan({ version })),
    args: ["suite", "finish", "."],
    status: 1,
    says: [/1 of 1 cells are not done, as a, seed 1/],
  },
  {
    name: "a population for an invalid place",
    args: ["population", "plan", "--events", "e.csv", "--model", "m.safetensors", "--out", "p", "--to", "ftp://x"],
    status: 2,
    says: [/--to: "ftp:\/\/x"/, /s3:\/\/BUCKET/],
  },
  {
    name: "a queue that cannot be reached",
    before: written(plan({ version })),
    args: ["suite", "work", ".", "--queue", "redis://someone:secret@localhost:1"],
    status: 1,
    says: [/--queue redis:\/\/someone:…@localhost:1: the server cannot be reached: .*ECONNREFUSED/, /Check address/],
  },
];
