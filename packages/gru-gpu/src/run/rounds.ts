import type { ParameterVector } from "@kshot/contract";
import type { Block, Place } from "../block.js";

/** A block, its source vectors, and the part of its memory that is read back. */
export interface Job {
  readonly block: Block;
  /** θ, and u if the block uses it. */
  readonly sources: readonly ParameterVector[];
  readonly reads: readonly Place[];
}

/** Limits of one dispatch. */
export interface RoundLimits {
  /** Floats of `work`. */
  readonly workFloats: number;
  /** Values of `vectors`. */
  readonly vectorFloats: number;
  /** Floats read back. */
  readonly readFloats: number;
  readonly workgroups: number;
}

/** Jobs of one dispatch, laid out. */
export interface Round {
  readonly jobs: readonly Job[];
  /** Table and blocks: see wgsl/program.ts. */
  readonly words: Int32Array<ArrayBuffer>;
  /** Offset of each job's part of `work`. */
  readonly bases: readonly number[];
  readonly workFloats: number;
  /** Distinct vectors, in the order of `vectors`. */
  readonly vectors: readonly ParameterVector[];
  /** Offset of each job's losses within the round. */
  readonly lossBegins: readonly number[];
  readonly losses: number;
  readonly readFloats: number;
}

/** Words of the table for each workgroup. */
const tableWords = 3;

/** Splits jobs, in order, into rounds that each fit; a job that exceeds the limits gets a separate round. */
export function splitIntoRounds(jobs: readonly Job[], size: number, limits: RoundLimits): Job[][] {
  const rounds: Job[][] = [];
  let current: Job[] = [];
  let [work, read] = [0, 0];
  let vectors = new Set<ParameterVector>();
  for (const job of jobs) {
    const reads = job.reads.reduce((sum, { floats }) => sum + floats, 0);
    const more = job.sources.filter((vector) => !vectors.has(vector)).length;
    const fits =
      work + job.block.floats <= limits.workFloats &&
      read + reads <= limits.readFloats &&
      (vectors.size + more) * size <= limits.vectorFloats &&
      current.length < limits.workgroups;
    if (!fits && current.length > 0) {
      rounds.push(current);
      current = [];
      [work, read] = [0, 0];
      vectors = new Set();
    }
    current.push(job);
    work += job.block.floats;
    read += reads;
    for (const vector of job.sources) vectors.add(vector);
  }
  if (current.length > 0) rounds.push(current);
  return rounds;
}

/** Lays out one round. @param firstLoss offset of its losses among those of the call */
export function layOut(jobs: readonly Job[], firstLoss = 0): Round {
  const vectors = [...new Set(jobs.flatMap(({ sources }) => sources))];
  const numbers = new Map(vectors.map((vector, i) => [vector, i]));
  const words = new Int32Array(jobs.reduce((sum, { block }) => sum + block.words.length, tableWords * jobs.length));
  const bases: number[] = [];
  const lossBegins: number[] = [];
  let [at, base, loss, read] = [tableWords * jobs.length, 0, 0, 0];
  for (const [i, { block, sources, reads }] of jobs.entries()) {
    words.set([at, base, firstLoss + loss], tableWords * i);
    words.set(block.words, at);
    // The last two words of the head: the indices of this block's sources among the round's vectors.
    for (const [source, vector] of sources.entries()) words[at + 6 + source] = numbers.get(vector)!;
    bases.push(base);
    lossBegins.push(loss);
    at += block.words.length;
    base += block.floats;
    loss += block.losses;
    read += reads.reduce((sum, { floats }) => sum + floats, 0);
  }
  return { jobs, words, bases, workFloats: base, vectors, lossBegins, losses: loss, readFloats: read };
}
