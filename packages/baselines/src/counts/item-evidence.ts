/**
 * A count model's probabilities of all items for one query, in sparse form: numbers e of some items, and one rule for all.
 *
 *     p(b) = gain·e(b) + rest·p₀(b) where e(b) is known, or gain·e(b) alone if `replaces`; rest·p₀(b) for every other item
 *
 * One item may have its own probability instead. Memory for all items is allocated once and used again for each query, so that a query
 * takes time in proportion to the items with a number.
 */
export class ItemEvidence {
  /** e by item, `[nItems]`; only entries of items with a number are valid. */
  readonly values: Float64Array;
  /** The items with a number are the first `count`, in the order in which they were added. */
  readonly items: Int32Array;
  count = 0;
  gain = 1;
  rest = 1;
  /** Whether gain·e is all of p; otherwise rest·p₀ is added. */
  replaces = false;
  /** The item with its own probability; −1: none. */
  ownItem = -1;
  ownProbability = 0;
  private readonly known: Uint8Array;

  constructor(nItems: number) {
    this.values = new Float64Array(nItems);
    // One place more: an item that has a number already is written after the last one.
    this.items = new Int32Array(nItems + 1);
    this.known = new Uint8Array(nItems);
  }

  /** Adds to an item's number, which is 0 before. No branch: whether an item has a number could not be predicted. */
  add(item: number, value: number): void {
    const { values, items, known } = this;
    const was = known[item]!;
    values[item] = values[item]! * was + value;
    items[this.count] = item;
    this.count += 1 - was;
    known[item] = 1;
  }

  /** Adds `factor`·amounts[from + i] for each item of row[begin … end), i from 0. */
  addRow(
    row: Int32Array | Float64Array,
    begin: number,
    end: number,
    amounts: Int32Array | Float64Array,
    from: number,
    factor: number,
  ): void {
    const { values, items, known } = this;
    const shift = from - begin;
    let { count } = this;
    for (let i = begin; i < end; i++) {
      const item = row[i]!;
      const was = known[item]!;
      values[item] = values[item]! * was + factor * amounts[i + shift]!;
      items[count] = item;
      count += 1 - was;
      known[item] = 1;
    }
    this.count = count;
  }

  /** Adds `factor`·amounts[shift + places[i]] for each item of row[begin … end). */
  addPlaces(
    { row, places }: { readonly row: Int32Array; readonly places: Int32Array },
    begin: number,
    end: number,
    amounts: Float64Array,
    shift: number,
    factor: number,
  ): void {
    const { values, items, known } = this;
    let { count } = this;
    for (let i = begin; i < end; i++) {
      const item = row[i]!;
      const was = known[item]!;
      values[item] = values[item]! * was + factor * amounts[shift + places[i]!]!;
      items[count] = item;
      count += 1 - was;
      known[item] = 1;
    }
    this.count = count;
  }

  /** Σ e */
  sum(): number {
    const { values, items, count } = this;
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[items[i]!]!;
    return sum;
  }

  /** p of an item. */
  probability(item: number, prior: Float64Array): number {
    if (item === this.ownItem) return this.ownProbability;
    const back = this.rest * prior[item]!;
    if (this.known[item] === 0) return back;
    const own = this.gain * this.values[item]!;
    return this.replaces ? own : own + back;
  }

  /** Gives one item the probability `share` and scales the others to 1 − share. */
  setApart(item: number, share: number, prior: Float64Array): void {
    const scale = (1 - share) / (1 - this.probability(item, prior));
    this.gain *= scale;
    this.rest *= scale;
    this.ownItem = item;
    this.ownProbability = share;
  }

  /** Removes all numbers. */
  clear(): void {
    const { items, known, count } = this;
    for (let i = 0; i < count; i++) known[items[i]!] = 0;
    this.count = 0;
    this.gain = 1;
    this.rest = 1;
    this.replaces = false;
    this.ownItem = -1;
  }
}
