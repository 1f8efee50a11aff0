import type { TaskBlock } from "../blocks.js";
import { floatBits } from "../float-bits.js";

/**
 * Offsets of the tasks' dθ and dα in a round, as wgsl/sum-tasks.ts reads them.
 *
 * @param bases offset of each task's part of `work`
 * @param scale factor of the sum: 1/tasks in the last round, else 1
 * @param losses number of losses that are checked: all in the last round, else 0
 */
export function sumWords(
  tasks: readonly TaskBlock[],
  bases: readonly number[],
  {
    nItems,
    embeddingDim,
    first,
    scale,
    losses,
  }: { nItems: number; embeddingDim: number; first: boolean; scale: number; losses: number },
): Int32Array<ArrayBuffer> {
  const entries = tasks.reduce((sum, { block }) => sum + block.items.length, 0);
  const lists = 4 + 2 * tasks.length;
  const words = new Int32Array(lists + nItems + 1 + 2 * entries);
  words.set([tasks.length, first ? 1 : 0, floatBits(scale), losses]);
  const begin = words.subarray(lists, lists + nItems + 1);
  for (const { block } of tasks) for (const item of block.items) begin[item + 1]! += 1;
  for (let item = 0; item < nItems; item++) begin[item + 1]! += begin[item]!;
  const free = begin.slice();
  for (const [task, { block, dTheta, dAlpha, moving }] of tasks.entries()) {
    const base = bases[task]!;
    const rest = base + block.items.length * embeddingDim;
    words[4 + 2 * task] = rest + dTheta;
    words[5 + 2 * task] = dAlpha === undefined ? -1 : rest + dAlpha;
    for (const [row, item] of block.items.entries()) {
      const entry = lists + nItems + 1 + 2 * free[item]!++;
      words[entry] = base + dTheta + row * embeddingDim;
      words[entry + 1] = dAlpha === undefined || row >= moving ? -1 : base + dAlpha + row * embeddingDim;
    }
  }
  return words;
}
