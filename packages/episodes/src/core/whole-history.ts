import type { Pairs, PairTable } from "@kshot/contract";
import { rowsByPerson } from "./windows.js";

/** Long sessions keep only their last items; this number of items must agree to show that a session continues. */
const overlap = 8;

/**
 * A person's whole history, reconstructed from (prefix → next) pairs in time order.
 *
 * A pair's prefix starts at its session's start (or is cut to its last items). A prefix that continues the end of the previous
 * pair belongs to the same session; any other starts a new session and is appended completely.
 */
export class WholeHistory {
  readonly #items: number[] = [];
  #session: number[] = [];

  /** The history before a query: all added items, then the part of `prefix` that is not in it yet. */
  before(prefix: ArrayLike<number>): Int32Array {
    const fresh = this.#fresh(prefix);
    const whole = new Int32Array(this.#items.length + prefix.length - fresh);
    whole.set(this.#items);
    for (let i = fresh; i < prefix.length; i++) whole[this.#items.length + i - fresh] = prefix[i]!;
    return whole;
  }

  /** Adds one pair: the new part of its prefix, then its label. */
  add(prefix: ArrayLike<number>, label: number): void {
    for (let i = this.#fresh(prefix); i < prefix.length; i++) this.#items.push(prefix[i]!);
    this.#items.push(label);
    this.#session = [...Array.from(prefix), label];
  }

  /** Index of the first item of a prefix that is not at the end of the history. */
  #fresh(prefix: ArrayLike<number>): number {
    const session = this.#session;
    const slack = session.length - overlap;
    for (let cut = 0; cut === 0 || cut <= slack; cut++) {
      const kept = session.length - cut;
      if (kept > 0 && kept <= prefix.length && agrees(prefix, session, cut)) return kept;
    }
    return 0;
  }
}

function agrees(prefix: ArrayLike<number>, session: readonly number[], cut: number): boolean {
  for (let i = cut; i < session.length; i++) if (prefix[i - cut] !== session[i]) return false;
  return true;
}

/** The query pairs, each history preceded by the support history: the input of a model that adapts by reading, without gradients. */
export function withSupportContext(support: Pairs, query: Pairs): Pairs {
  const history = new WholeHistory();
  support.sequences.forEach((prefix, i) => {
    history.add(prefix, support.labels[i]!);
  });
  return { sequences: query.sequences.map((prefix) => history.before(prefix)), labels: query.labels };
}

/** The support pairs, each history preceded by the earlier support pairs. */
export function withEarlierContext(support: Pairs): Pairs {
  const history = new WholeHistory();
  const sequences = support.sequences.map((prefix, i) => {
    const whole = history.before(prefix);
    history.add(prefix, support.labels[i]!);
    return whole;
  });
  return { sequences, labels: support.labels };
}

/** The same pairs, each prefix being the person's whole history before the label, its last `most` items. */
export function wholeHistories(pairs: PairTable, most: number): PairTable {
  const prefixes = new Array<Int32Array>(pairs.length);
  for (const rows of rowsByPerson(pairs)) {
    const history = new WholeHistory();
    for (const row of rows) {
      const prefix = pairs.prefixItems.subarray(pairs.prefixOffsets[row]!, pairs.prefixOffsets[row + 1]!);
      prefixes[row] = history.before(prefix).slice(-most);
      history.add(prefix, pairs.label[row]!);
    }
  }
  const prefixOffsets = new Int32Array(pairs.length + 1);
  prefixes.forEach((prefix, row) => {
    prefixOffsets[row + 1] = prefixOffsets[row]! + prefix.length;
  });
  const prefixItems = new Int32Array(prefixOffsets[pairs.length]!);
  prefixes.forEach((prefix, row) => {
    prefixItems.set(prefix, prefixOffsets[row]!);
  });
  return { ...pairs, prefixOffsets, prefixItems };
}
