import { holm } from "@kshot/metrics";
import { isBound } from "./algorithms.js";

/**
 * p of a difference, before and after Holm's correction. The corrected value is null before the correction and for a bound,
 * because a bound is not tested.
 */
export interface Test {
  readonly p: number;
  readonly pHolm: number | null;
}

/** The differences that are tested together: methods × windows × metrics. */
export interface TestFamily {
  readonly tests: number;
  readonly methods: number;
  readonly windows: number;
  readonly metrics: number;
}

/** The tested part of a compared method. */
export interface TestedMethod {
  readonly algorithm: string;
  /** By metric; null if there is no difference. */
  readonly tests: Readonly<Partial<Record<string, Test>>> | null;
  readonly pHolm: number | null;
}

/** The tested part of a compared window. */
export interface TestedWindow {
  readonly family: TestFamily;
  readonly methods: readonly TestedMethod[];
}

/** The family of windows that are shown together. */
export function familyOf(windows: readonly Pick<TestedWindow, "methods">[]): TestFamily {
  const tested = windows.map(({ methods }) => methods.filter(isTested));
  const metrics = tested.flat().map(({ tests }) => Object.keys(tests ?? {}).length);
  return {
    tests: metrics.reduce((sum, count) => sum + count, 0),
    methods: Math.max(0, ...tested.map((methods) => methods.length)),
    windows: tested.filter((methods) => methods.length > 0).length,
    metrics: Math.max(0, ...metrics),
  };
}

/**
 * Holm's correction over all differences of the windows: every method except bounds, every window, every metric. Windows that are
 * shown together must be corrected together.
 *
 * @param windows - from `compareWindow`, already corrected or not
 * @param metric - the metric of each method's `pHolm`
 * @returns the same windows with `pHolm`, `tests` and `family`
 */
export function withHolm<Window extends TestedWindow>(windows: readonly Window[], metric: string): Window[] {
  const family = familyOf(windows);
  const all = windows.flatMap(({ methods }) =>
    methods.filter(isTested).flatMap(({ tests }) => testsIn(tests).map(([, { p }]) => p)),
  );
  const corrected = holm(all);
  let next = 0;
  return windows.map((window) => ({
    ...window,
    family,
    methods: window.methods.map((method): TestedMethod => {
      if (method.tests === null) return method;
      const tested = isTested(method);
      const entries = testsIn(method.tests).map(([name, { p }]): [string, Test] => [
        name,
        { p, pHolm: tested ? (corrected[next++] ?? null) : null },
      ]);
      const tests = Object.fromEntries(entries);
      return { ...method, tests, pHolm: tests[metric]?.pHolm ?? null };
    }),
  }));
}

/** The family in words: `70 tests (7 methods, 2 windows, 5 metrics)`; null without tests. */
export function familyInWords({ tests, methods, windows, metrics }: TestFamily): string | null {
  if (tests === 0) return null;
  const count = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;
  return `${count(tests, "test")} (${count(methods, "method")}, ${count(windows, "window")}, ${count(metrics, "metric")})`;
}

function testsIn(tests: TestedMethod["tests"]): [string, Test][] {
  return Object.entries(tests ?? {}).flatMap(([name, test]) =>
    test === undefined ? [] : [[name, test] as [string, Test]],
  );
}

function isTested({ tests, algorithm }: TestedMethod): boolean {
  return tests !== null && !isBound(algorithm);
}
