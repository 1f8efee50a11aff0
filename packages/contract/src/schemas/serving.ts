import * as z from "zod";

/** Largest number of people in one request. `kshot recommend --events` serves larger populations. */
export const mostPeopleOfRequest = 1000;

const item = z.string().min(1).describe("An item by name or title");

const historySchema = z
  .union([z.array(item), z.array(z.array(item))], {
    error: "expected a list of items, the oldest first, or a list of sessions, each a list of items",
  })
  .describe("Items, the oldest first; or sessions of items, the oldest first");

/** Text that names a person in the answer; control characters are refused. */
const personId = z
  .string()
  .max(256)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: this pattern refuses control characters
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]*$/, "control characters are not allowed")
  .describe("Returned in the answer");

const rankingOptions = {
  top: z.int().positive().max(1000).optional().describe("Number of items; default 10"),
  newOnly: z.boolean().optional().describe("Leaves out the items of the person's history"),
  unknown: z
    .enum(["refuse", "skip"])
    .optional()
    .describe("Treatment of items that the model does not know; default refuse"),
  among: z.array(item).optional().describe("Only these items are ranked"),
  exclude: z.array(item).optional().describe("These items are left out"),
  model: z.string().optional().describe("Name of the model; default: the first one"),
};

/** Body of `POST /v1/recommend`: one person (`history`) or many (`people`). */
export const recommendRequestSchema = z
  .strictObject({
    history: historySchema.optional().describe("One person"),
    people: z
      .array(z.strictObject({ id: personId.optional(), history: historySchema }))
      .min(1)
      .max(mostPeopleOfRequest)
      .optional()
      .describe("Many people"),
    ...rankingOptions,
  })
  .refine(({ history, people }) => (history === undefined) !== (people === undefined), {
    error: "either history or people is needed, and not both",
  });

const answer = {
  items: z.array(
    z.object({
      rank: z.int().positive(),
      item: z.string(),
      title: z.string().optional(),
      score: z.number(),
      probability: z.number(),
    }),
  ),
  ignored: z.array(z.string()).describe("Items of the history that the model does not know"),
};

/** Answer of `POST /v1/recommend`. */
export const recommendResponseSchema = z.union([
  z.object(answer),
  z.object({ people: z.array(z.object({ id: z.string().optional(), ...answer })) }),
]);

/** Query of `GET /v1/items`. */
export const itemSearchSchema = z.object({
  search: z.string().max(200).default("").describe("Part of a name or title; upper and lower case are the same"),
  limit: z.coerce.number().int().min(1).max(1000).default(20),
  model: z.string().optional(),
});

/** Answer of `GET /v1/items`. */
export const itemSearchResponseSchema = z.object({
  items: z.array(z.object({ item: z.string(), title: z.string().optional() })),
  total: z.int().nonnegative().describe("Number of items that match"),
});

/** Every answer with a status of 400 or more. */
export const servingErrorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
});

/** Body of a request for recommendations, checked. */
export type RecommendRequest = z.infer<typeof recommendRequestSchema>;
/** Answer to a request for recommendations. */
export type RecommendResponse = z.infer<typeof recommendResponseSchema>;
