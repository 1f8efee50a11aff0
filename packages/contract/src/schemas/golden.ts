import * as z from "zod";
import { count } from "./shared.js";

const flat = z.array(z.number());
/** One flat, row-major list per PyTorch parameter name. */
const parameters = z.record(z.string(), flat);
const pairs = z.object({ sequences: z.array(z.array(count).min(1)).min(1), labels: z.array(count).min(1) });
const metaGradient = z.object({ loss: z.number(), taskLosses: flat, dTheta: parameters, dAlpha: parameters });

/** A golden file: the reference values of every quantity that `doctor` compares, in float64. */
export const goldenSchema = z.object({
  config: z.object({
    nItems: z.int().positive(),
    embeddingDim: z.int().positive(),
    hiddenDim: z.int().positive(),
    numLayers: z.int().positive(),
    maxSeqLen: z.int().positive(),
    innerSteps: z.int().positive(),
  }),
  shapes: z.record(z.string(), z.array(z.int().positive())),
  theta: parameters,
  alpha: parameters,
  tasks: z.array(z.object({ support: pairs, query: pairs })).min(1),
  support0: z.object({
    logits: z.array(flat),
    loss: z.number(),
    gradient: parameters,
    direction: parameters,
    hessianVectorProduct: parameters,
  }),
  /** θ after 1 and after `innerSteps` steps on task 0, by number of steps. */
  adapted0: z.record(z.string(), parameters),
  meta: z.object({ secondOrder: metaGradient, firstOrder: metaGradient }),
  training: z.object({
    outerLr: z.number().positive(),
    alphaClamp: z.tuple([z.number(), z.number()]),
    /** Task numbers of each outer step. */
    batches: z.array(z.array(count).min(1)),
    losses: flat,
    theta: parameters,
    alpha: parameters,
  }),
});

/** A file of golden values. */
export type Golden = z.infer<typeof goldenSchema>;
