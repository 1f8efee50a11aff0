import type { CellStatus, PlanStatus } from "@kshot/fleet";
import { inColumns } from "../terminal/columns.js";
import { duration } from "../terminal/progress.js";

/** Order of the table: cells that need attention first. */
const order: readonly CellStatus["state"][] = ["failed", "working", "waiting", "done"];

/**
 * The state of a plan as a table: failed cells, running cells, waiting cells, done cells.
 *
 * @param rows - lines of the terminal; the table is cut to them; default 40
 */
export function statusText(
  { cells, waiting, working, done, failed, secondsLeft, list }: PlanStatus,
  rows = 40,
): string {
  const left = secondsLeft === null || secondsLeft === 0 ? "" : `, about ${duration(1000 * secondsLeft)} left`;
  const head = `${cells} cells: ${done} done, ${working} running, ${waiting} waiting, ${failed} failed${left}\n\n`;
  const sorted = [...list].sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.cell - b.cell);
  const shown = sorted.slice(0, Math.max(5, rows - 6));
  const more = sorted.length > shown.length ? `… and ${sorted.length - shown.length} more\n` : "";
  return `${head}${inColumns([["cell", "name", "state", "where", "since or for", ""], ...shown.map(row)])}${more}`;
}

function row({ cell, name, state, host = "", since, seconds, tries, why }: CellStatus): string[] {
  const when = since === undefined ? (seconds === undefined ? "" : duration(1000 * seconds)) : since.slice(0, 19);
  const failures = tries === 0 ? "" : `${tries} failed ${tries === 1 ? "try" : "tries"}: `;
  return [String(cell), name, state, host, when, why === undefined ? "" : `${failures}${why.slice(0, 120)}`];
}
