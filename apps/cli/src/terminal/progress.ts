import { printable } from "@kshot/contract";
import type { Progress, ProgressEvent } from "@kshot/experiment";

/** The output of progress. */
export interface ProgressTarget {
  write(text: string): void;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Milliseconds between two redraws on a terminal, and between two lines elsewhere. */
const redraw = 100;
const lineEvery = 5000;

/**
 * Shows progress as one line that is redrawn on a terminal, or as a line every few seconds in a log. It contains names of files
 * and runs.
 */
export function textProgress(target: ProgressTarget, now: () => number): Progress {
  let stage: { name: string; total?: number; unit: string; started: number } | null = null;
  let last = Number.NEGATIVE_INFINITY;
  let live = false;
  const clear = () => {
    if (live) target.write("\r\x1b[2K");
    live = false;
  };
  return (event) => {
    if (event.type === "stage") {
      stage = {
        name: event.stage,
        unit: event.unit ?? "step",
        started: now(),
        ...(event.total === undefined ? {} : { total: event.total }),
      };
      last = now();
      if (target.isTTY) {
        clear();
        target.write(`${printable(event.stage)} …`);
        live = true;
      }
    } else if (event.type === "step" && stage) {
      const time = now();
      if (time - last < (target.isTTY ? redraw : lineEvery)) return;
      last = time;
      const line = printable(stepLine(stage, event, time));
      if (target.isTTY) {
        clear();
        target.write(line.slice(0, Math.max(20, (target.columns ?? 100) - 1)));
        live = true;
      } else target.write(`${line}\n`);
    } else if (event.type === "done") {
      clear();
      const elapsed = stage?.name === event.stage ? ` (${duration(now() - stage.started)})` : "";
      target.write(`${printable(`${event.stage}: ${event.text}`, { lines: true })}${elapsed}\n`);
      stage = null;
    } else if (event.type === "note") {
      clear();
      target.write(`${printable(event.text, { lines: true })}\n`);
    }
  };
}

/** One JSON object per line, for programs that watch a run. */
export function jsonProgress(target: ProgressTarget): Progress {
  return (event: ProgressEvent) => target.write(`${JSON.stringify(event)}\n`);
}

function stepLine(
  stage: { name: string; total?: number; unit: string; started: number },
  event: Extract<ProgressEvent, { type: "step" }>,
  time: number,
): string {
  const figures = Object.entries(event.figures)
    .filter(([, value]) => Number.isFinite(value))
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : value.toFixed(4)}`);
  const { total } = stage;
  const where = total === undefined ? `${event.done}` : `${event.done}/${total}`;
  const left =
    total !== undefined && event.done > 0 && event.done < total
      ? [`${duration(((time - stage.started) / event.done) * (total - event.done))} left at most`]
      : [];
  return [`${stage.name} ${where} ${stage.unit}s`, ...figures, ...left].join(" · ");
}

/** A time in words: `3 min 20 s`. @param milliseconds 0 or more */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
