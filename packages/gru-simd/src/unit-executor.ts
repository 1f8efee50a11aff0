import type { KshotError, ParameterLayout, ParameterVector } from "@kshot/contract";
import { notFinite } from "@kshot/gru-layout";
import { rowItems } from "./encode-forest.js";
import type { Kernel } from "./kernel.js";
import { optimiserOn, stepRange } from "./optimiser.js";
import type { Schedule, Slot, Work, WorkKind } from "./work.js";

/** Tasks of one unit of a meta-gradient. They are summed in order first, so that sums do not depend on the number of workers. */
export const groupSize = 4;

/** Kinds of work whose second vector is α. */
const withRates: ReadonlySet<WorkKind> = new Set(["metaGradient", "adapt", "adaptInTurn", "adaptedLogits"]);

/** Computes units of one call on one kernel: `begin` once per call, then `unit` for each unit that this kernel takes. */
export class UnitExecutor {
  private theta = -1;
  private readonly match: Int32Array;
  /** gi of a batch whose parts this kernel computes alone, 0 for none. */
  private inputGates = 0;
  /** Of each item: its row in `inputGates`, or in the tables of a group's embedding rows. */
  private readonly place: Int32Array;
  private readonly optimisers = new Map<number, ReturnType<typeof optimiserOn>>();

  constructor(
    private readonly kernel: Kernel,
    private readonly layout: ParameterLayout,
    nItems: number,
    private readonly optimiser?: WebAssembly.Module,
  ) {
    this.match = new Int32Array(nItems).fill(-1);
    this.place = new Int32Array(nItems);
  }

  begin(work: Work): void {
    if (work.kind === "adam") return;
    this.theta = -1;
    this.kernel.run.release(true);
    if (withRates.has(work.kind)) this.loadAlpha(work);
  }

  /** @throws `FAILED`, naming batch or task and tensor, for a value that is not finite. */
  unit(work: Work, unit: number, schedule: Schedule): void {
    try {
      if (work.kind === "adam") this.adamRange(work, unit);
      else if (work.kind === "metaGradient") this.group(work, unit, schedule);
      else if (work.kind === "adaptedLogits") this.adaptedScores(work, unit, schedule);
      else if (work.kind === "adaptInTurn") this.stepsInTurn(work, unit, schedule);
      else this.batch(work, unit, schedule);
    } finally {
      this.kernel.run.release(false);
    }
  }

  /** Unit of a step of Adam: [begin, end). */
  private adamRange(work: Work, unit: number): void {
    const { id, memory, padded, step } = work.adam!;
    let run = this.optimisers.get(id);
    if (run === undefined) {
      // θ and α are stepped in turn; vectors of earlier trainings are released.
      if (this.optimisers.size >= 2) this.optimisers.clear();
      this.optimisers.set(id, (run = optimiserOn(this.optimiser!, memory)));
    }
    const [begin, end] = work.units[unit];
    stepRange(run, padded, begin, end, step);
  }

  /** Unit of one batch, or of a part of one: [batch, θ, direction, first row, forest…]. */
  private batch(work: Work, unit: number, schedule: Schedule): void {
    const { kernel } = this;
    const { run } = kernel;
    const [batch, thetaIndex, directionIndex, firstRow] = work.units[unit];
    const forest = work.units[unit].subarray(4);
    const items = rowItems(forest);
    const theta = work.vectors[thetaIndex];
    const out = work.outputs[batch];
    schedule.at(batch);
    this.loadTheta(work, thetaIndex, `θ of batch ${batch}`);
    // Parts that one kernel sums in its memory are moved out once, after the last.
    const summed = schedule.alone && work.kind === "gradients";
    if (summed && firstRow === 0) this.shareInputs(work, unit, theta);
    const encoded = kernel.forest(forest);
    const embedding = kernel.rows(theta, items);
    switch (work.kind) {
      case "logits": {
        const columns = this.match.length;
        const length = forest[2] * columns;
        const at = kernel.allocate(length);
        run.logits(encoded, embedding, at);
        out.set(kernel.memory().subarray(at / 4, at / 4 + length), firstRow * columns);
        return;
      }
      case "adapt": {
        const alphaRows = kernel.rows(work.vectors[directionIndex], items);
        const loss = run.adapt(encoded, embedding, alphaRows, work.steps, work.clip);
        // θ was stepped in place: the next unit loads it again.
        this.theta = -1;
        work.losses[batch] = loss;
        this.requireFinite(loss, batch, { θ: theta, α: work.vectors[directionIndex] });
        this.storeAdapted(out, theta, items, embedding);
        return;
      }
      default: {
        const rows = kernel.emptyRows(items.length);
        let loss: number;
        if (work.kind === "gradients") {
          const gi = summed ? this.inputGates : 0;
          const places = gi !== 0 ? kernel.words(items.map((item) => this.place[item])) : 0;
          loss = run.gradient(encoded, embedding, rows, summed && firstRow > 0, gi, places);
        } else {
          const direction = work.vectors[directionIndex];
          kernel.writeExchange(direction);
          if (!run.loadAlpha())
            throw notFinite(`direction of batch ${batch}`, "not finite", { u: direction }, this.layout);
          loss = run.hessianVectorProduct(encoded, embedding, kernel.rows(direction, items), rows);
        }
        if (!Number.isFinite(loss)) throw notFinite(`loss of batch ${batch}`, loss, { θ: theta }, this.layout);
        const add = () => {
          work.losses[batch] += loss;
          kernel.addRows(out, items, rows);
          if (summed && work.units[unit + 1]?.[0] === batch) return;
          // The first part needs no zeros to be added to.
          kernel.moveResult("dTheta", out, { replace: summed || firstRow === 0 });
        };
        if (!work.ordered) {
          add();
          return;
        }
        schedule.inTurn(unit, {
          add,
          keep: (slot) => {
            slot.loss[0] = loss;
            kernel.addRows(slot.vectors[0], items, rows);
            kernel.moveResult("dTheta", slot.vectors[0], { replace: true });
          },
        });
      }
    }
  }

  /** Computes gi of all items of a batch once, if it has more than two parts: two repeat few items. */
  private shareInputs({ units }: Work, first: number, theta: ParameterVector): void {
    const { kernel } = this;
    kernel.run.release(true);
    this.inputGates = 0;
    const [batch] = units[first];
    if (units[first + 2]?.[0] !== batch) return;
    const forests: Int32Array[] = [];
    for (let unit = first; units[unit]?.[0] === batch; unit++) forests.push(units[unit].subarray(4));
    const items = this.placeItems(forests);
    this.inputGates = kernel.run.inputGates(kernel.rows(theta, items), items.length);
  }

  /** The distinct items of some forests, in order of appearance; `place` has the number of each, −1 for all others. */
  private placeItems(forests: readonly Int32Array[]): Int32Array {
    const { place } = this;
    const items: number[] = [];
    place.fill(-1);
    for (const forest of forests) {
      for (const item of rowItems(forest)) if (place[item] < 0) place[item] = items.push(item) - 1;
    }
    return Int32Array.from(items);
  }

  /**
   * Unit of one entry: [entry, batches, then for each: length, forest…]. θ is stepped in place, each step on the next batch; the embedding
   * rows of all batches are kept together, and those of a batch are copied out for its step and back.
   */
  private stepsInTurn(work: Work, unit: number, schedule: Schedule): void {
    const { kernel, match } = this;
    const words = work.units[unit];
    const [entry] = words;
    const [theta, alpha] = work.vectors;
    schedule.at(entry);
    this.loadTheta(work, 0, "θ");
    this.theta = -1;
    const forests = forestsOf(words);
    const touched = forests.map(rowItems);
    const items = Int32Array.from(new Set(touched.flatMap((own) => [...own])));
    const every = kernel.rows(theta, items);
    for (const [row, item] of items.entries()) match[item] = row;
    const places = touched.map((own) => own.map((item) => match[item]));
    for (const item of items) match[item] = -1;
    const batches = forests.map((forest, i) => ({
      encoded: kernel.forest(forest),
      embedding: kernel.emptyRows(touched[i].length),
      alphaRows: kernel.rows(alpha, touched[i]),
      places: places[i],
    }));
    for (let step = 0; step < work.steps; step++) {
      const { encoded, embedding, alphaRows, places: from } = batches[step % batches.length];
      for (const [row, place] of from.entries()) kernel.copyRow(every, place, embedding, row);
      const loss = kernel.run.adapt(encoded, embedding, alphaRows, 1, work.clip);
      this.requireFinite(loss, entry, { θ: theta, α: alpha });
      for (const [row, place] of from.entries()) kernel.copyRow(embedding, row, every, place);
    }
    this.storeAdapted(work.outputs[entry], theta, items, every);
  }

  /** The loss of a step must be finite. */
  private requireFinite(loss: number, batch: number, vectors: Record<string, ParameterVector>): void {
    if (Number.isFinite(loss)) return;
    throw notFinite(`loss of batch ${batch} while adapting`, loss, vectors, this.layout);
  }

  /** Copies the kernel's stepped θ to a vector: the dense part, and of θ's embedding only the rows that were stepped. */
  private storeAdapted(out: Float32Array, theta: ParameterVector, items: Int32Array, rows: number): void {
    const { kernel } = this;
    kernel.run.storeTheta();
    out.set(theta.subarray(0, kernel.embeddingSize));
    kernel.setRows(out, items, rows);
    out.set(kernel.exchange(), kernel.embeddingSize);
  }

  /**
   * Unit of one person: [person, length, support forest…, points, then for each: additional steps, length, query forest…]. θ is
   * stepped in place and the query scored at each point; only the scores are copied out of the kernel.
   */
  private adaptedScores(work: Work, unit: number, schedule: Schedule): void {
    const { kernel } = this;
    const { run } = kernel;
    const words = work.units[unit];
    const [person] = words;
    const [theta, alpha] = work.vectors;
    const columns = this.match.length;
    schedule.at(person);
    this.loadTheta(work, 0, "θ");
    this.theta = -1;
    let at = 1;
    const forest = () => {
      const begin = at + 1;
      at = begin + words[at];
      return words.subarray(begin, at);
    };
    const support = forest();
    const supportItems = rowItems(support);
    const encoded = kernel.words(support);
    const embedding = kernel.rows(theta, supportItems);
    const alphaRows = kernel.rows(alpha, supportItems);
    const points = words[at++];
    let written = 0;
    for (let point = 0; point < points; point++) {
      const steps = words[at++];
      const query = forest();
      const loss = run.adapt(encoded, embedding, alphaRows, steps, work.clip);
      this.requireFinite(loss, person, { θ: theta, α: alpha });
      const length = query[2] * columns;
      const scores = kernel.allocate(length);
      run.logits(kernel.words(query), this.adaptedRows(theta, rowItems(query), supportItems, embedding), scores);
      work.outputs[person].set(kernel.memory().subarray(scores / 4, scores / 4 + length), written);
      written += length;
    }
  }

  /** Embedding rows of a query: the adapted ones if the support has them. */
  private adaptedRows(theta: ParameterVector, items: Int32Array, adapted: Int32Array, from: number): number {
    const { kernel, match } = this;
    const rows = kernel.rows(theta, items);
    for (const [row, item] of adapted.entries()) match[item] = row;
    for (const [row, item] of items.entries()) if (match[item] >= 0) kernel.copyRow(from, match[item], rows, row);
    for (const item of adapted) match[item] = -1;
    return rows;
  }

  /** Unit of `groupSize` tasks: [first task, tasks, then for each: length, support forest…, length, query forest…]. */
  private group(work: Work, unit: number, schedule: Schedule): void {
    const { kernel } = this;
    const { run } = kernel;
    const words = work.units[unit];
    schedule.at(words[0]);
    this.loadTheta(work, 0, "θ");
    run.clearSums();
    const forests = forestsOf(words);
    const items = this.placeItems(forests);
    const rows = { dTheta: kernel.emptyRows(items.length), dAlpha: kernel.emptyRows(items.length) };
    run.hold();
    for (let i = 0; i < words[1]; i++) {
      const task = words[0] + i;
      schedule.at(task);
      work.losses[task] = this.task(work, task, forests[2 * i], forests[2 * i + 1], rows);
      run.release(false);
    }
    const move = ([theta, alpha]: readonly Float32Array[], replace: boolean) => {
      kernel.moveResult("dTheta", theta, { replace });
      kernel.moveResult("dAlpha", alpha, { replace });
      kernel.addRows(theta, items, rows.dTheta);
      kernel.addRows(alpha, items, rows.dAlpha);
    };
    // Units in order add to one pair of sums; otherwise each has a separate pair.
    if (!work.ordered) move(work.outputs.slice(2 * unit, 2 * unit + 2), true);
    else {
      schedule.inTurn(unit, {
        add: () => move(work.outputs, unit === 0),
        keep: ({ vectors }) => move(vectors, true),
      });
    }
    run.release(true);
  }

  /** Adds a kept result to the outputs, and clears the slot: the same sums, to the same bits, as if its unit had added them. */
  addKept(work: Work, unit: number, { vectors, loss }: Slot): void {
    const { kernel } = this;
    const words = work.units[unit];
    const touched = work.kind === "metaGradient" ? forestsOf(words).map(rowItems) : [rowItems(words.subarray(4))];
    const [batch] = words;
    if (work.kind !== "metaGradient") work.losses[batch] += loss[0];
    const outputs = work.kind === "metaGradient" ? work.outputs : [work.outputs[batch]];
    for (const [i, vector] of vectors.entries()) {
      // The first part of a batch replaces what is there, as it does when it is added in its turn.
      if (work.kind !== "metaGradient" && words[3] === 0)
        outputs[i].set(vector.subarray(kernel.embeddingSize), kernel.embeddingSize);
      else kernel.addDense(outputs[i], vector);
      for (const items of touched) this.moveRows(outputs[i], vector, items);
    }
  }

  /** One task's share of its group: the dense part in the kernel's sums, the embedding rows in the tables `sums`. */
  private task(
    work: Work,
    task: number,
    support: Int32Array,
    query: Int32Array,
    sums: { readonly dTheta: number; readonly dAlpha: number },
  ): number {
    const { kernel, match, place } = this;
    const { run } = kernel;
    const [theta, alpha] = work.vectors;
    const supportItems = rowItems(support);
    const queryItems = rowItems(query);
    for (const [row, item] of supportItems.entries()) match[item] = row;
    const matches = queryItems.map((item) => match[item]);
    for (const item of supportItems) match[item] = -1;
    const dThetaSupport = kernel.emptyRows(supportItems.length);
    const dAlphaSupport = kernel.emptyRows(supportItems.length);
    const dQuery = kernel.emptyRows(queryItems.length);
    const loss = run.taskMetaGradient(
      kernel.forest(support),
      kernel.forest(query),
      kernel.words(matches),
      kernel.rows(theta, supportItems),
      kernel.rows(alpha, supportItems),
      kernel.rows(theta, queryItems),
      dThetaSupport,
      dAlphaSupport,
      dQuery,
      work.steps,
      work.order,
      work.clip,
    );
    if (!Number.isFinite(loss)) {
      run.storeLast();
      throw notFinite(
        `loss of task ${task}`,
        loss,
        { θ: theta, α: alpha, "adapted θ": kernel.exchange() },
        this.layout,
      );
    }
    const ofSupport = kernel.words(supportItems.map((item) => place[item]));
    run.scatterRows(sums.dTheta, dThetaSupport, ofSupport, supportItems.length);
    // The rows that the support also has are in its gradient.
    const ofQuery = kernel.words(queryItems.map((item, i) => (matches[i] >= 0 ? -1 : place[item])));
    run.scatterRows(sums.dTheta, dQuery, ofQuery, queryItems.length);
    run.scatterRows(sums.dAlpha, dAlphaSupport, ofSupport, supportItems.length);
    return loss;
  }

  /** Adds the embedding rows of a kept result to the total, and clears them for the slot's next use; a row that occurs again is zero by then. */
  private moveRows(total: Float32Array, kept: Float32Array, items: Int32Array): void {
    const width = this.layout.tensors[0].shape[1];
    for (const item of items) {
      for (let i = item * width; i < (item + 1) * width; i++) {
        total[i] += kept[i];
        kept[i] = 0;
      }
    }
  }

  private loadTheta(work: Work, index: number, where: string): void {
    if (this.theta === index) return;
    const theta: ParameterVector = work.vectors[index];
    this.kernel.writeExchange(theta);
    if (!this.kernel.run.loadTheta()) throw this.unusable(where, { θ: theta });
    this.theta = index;
  }

  private loadAlpha(work: Work): void {
    const alpha = work.vectors[1];
    this.kernel.writeExchange(alpha);
    if (!this.kernel.run.loadAlpha()) throw this.unusable("α", { α: alpha });
  }

  private unusable(where: string, vectors: Record<string, ParameterVector>): KshotError {
    return notFinite(where, "not finite", vectors, this.layout);
  }
}

/** The forests of a unit that begins with two numbers; each forest follows its length. */
function forestsOf(words: Int32Array): Int32Array[] {
  const forests: Int32Array[] = [];
  for (let at = 2; at < words.length; at += 1 + words[at]) forests.push(words.subarray(at + 1, at + 1 + words[at]));
  return forests;
}
