import { byFigure, type ComparedWindow, isBound, type Method } from "@kshot/comparison";
import type { Interval, MeasuredName } from "@kshot/contract";

/** A method's row of the comparison figure. */
export interface ComparedRow {
  readonly title: string;
  readonly algorithm: string;
  /** Number of support pairs, K. */
  readonly k: number | undefined;
  readonly few: Interval;
  /** Null if the support pairs change nothing. */
  readonly zero: Interval | null;
  /** To the reference, paired over people; null for the reference itself and for other people. */
  readonly difference: (Interval & { readonly bySeed?: readonly number[] }) | null;
  readonly bySeed: readonly number[];
  /** Whether it is separate at the end, in grey, because it is not a competitor. */
  readonly muted?: boolean;
  /** The heading above the muted rows. */
  readonly note?: string;
}

/** Rows of a compared window, by few-shot figure, the best first, bounds after all others. */
export function comparisonRows<Name extends MeasuredName>(
  compared: ComparedWindow<Name>,
  methods: readonly Method[],
  metric: Name,
): ComparedRow[] {
  return byFigure(compared.methods, metric).map((own) => ({
    title: own.name,
    algorithm: own.algorithm,
    k: methods.find(({ title }) => title === own.name)?.files[0].results.k,
    few: own.fewShot[metric],
    zero: own.zeroShot?.[metric] ?? null,
    difference: own.difference?.[metric] ?? null,
    bySeed: own.fewShotBySeed[metric],
    muted: isBound(own.algorithm),
  }));
}
