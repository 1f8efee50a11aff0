import { expertSharesOf, leftOutTitle, triedTitle } from "./expert-shares.js";
import type { Method } from "./methods.js";
import { type Table, textTable } from "./text-table.js";
import { figure, signed } from "./words.js";

/**
 * The tables of every stack among methods: the weight of each expert, and the increase of the loss on the validation pairs when
 * all other experts are fitted without it. The most valuable expert is first.
 *
 * @param methods - from `methodsOf`
 */
export function stackTables(methods: readonly Method[]): Table[] {
  return expertSharesOf(methods).map(({ method, loss, fit, tried, leftOut, experts }) => ({
    title: [`${method.title}: ${fit.charAt(0).toLowerCase()}${fit.slice(1)}`],
    head: [["Expert", "weight", "loss without it", "increase"]],
    rows: experts.map(({ name, weight, worth }) => [
      name,
      figure(weight),
      ...(worth === null ? ["–", "–"] : [figure(loss + worth, 4), signed(worth, 4)]),
    ]),
    notes: [
      ...(leftOut === "" ? [] : [`${leftOutTitle}: ${leftOut}`]),
      ...(tried.length === 0 ? [] : [triedTitle, ...tried]),
    ],
  }));
}

/** The same as text; empty without a stack. */
export function stackTable(methods: readonly Method[]): string {
  return stackTables(methods)
    .map((table) => textTable(table))
    .join("\n\n");
}
