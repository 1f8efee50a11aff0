import type { Slice } from "@kshot/comparison";

/** Milliseconds of computing before the page can answer and paint again. */
const longestTurn = 15;

/** Milliseconds for the parts above a place that the reader goes to; with more, the page scrolls before they are computed. */
const longestHurry = 500;

/** A part of the page that is not computed yet. */
export interface Waiting {
  /** Continues the computation. */
  readonly go: () => void;
  /** Its wrapper in the page. */
  readonly place: () => Element | null;
}

/** In page order, because parts are mounted in page order. */
const waiting = new Set<Waiting>();
let slice: Slice | null = null;
let channel: MessageChannel | null = null;
let asked = false;

/** The time of the present turn: everything that is computed before the page can paint shares it. */
export function presentTurn(): Slice {
  if (slice !== null) return slice;
  slice = sliceOf(longestTurn);
  ask();
  return slice;
}

function sliceOf(milliseconds: number): Slice {
  const end = performance.now() + milliseconds;
  return { over: () => performance.now() >= end, steps: 0 };
}

/** Whether a turn has no time left. */
export function isSpent({ steps, over }: Slice): boolean {
  return steps > 0 && over();
}

/** Puts a part into the queue. */
export function wait(part: Waiting): void {
  waiting.add(part);
  ask();
}

/** Removes a part that is computed or no longer in the page. */
export function leave(part: Waiting): void {
  waiting.delete(part);
}

/** Computes what is waiting, because the page is about to scroll and heights must be right. @returns whether something was. */
export function hurry(): boolean {
  if (waiting.size === 0) return false;
  slice = sliceOf(longestHurry);
  for (const part of inOrder()) part.go();
  slice = null;
  return true;
}

/** Asks for the next turn. A message comes after events and painting; a timer would come later in a hidden page. */
function ask(): void {
  if (asked) return;
  asked = true;
  if (channel === null) {
    channel = new MessageChannel();
    channel.port1.onmessage = turn;
  }
  channel.port2.postMessage(null);
}

function turn(): void {
  asked = false;
  slice = null;
  if (waiting.size === 0) return;
  const now = presentTurn();
  for (const part of inOrder()) {
    if (isSpent(now)) return;
    part.go();
  }
}

/** What the reader sees comes first, then the rest of the page from top to bottom. */
function inOrder(): readonly Waiting[] {
  const parts = [...waiting];
  if (parts.length === 1) return parts;
  const visible = parts.filter((part) => {
    const box = part.place()?.getBoundingClientRect();
    return box !== undefined && box.bottom > -innerHeight / 2 && box.top < 1.5 * innerHeight;
  });
  return [...visible, ...parts.filter((part) => !visible.includes(part))];
}
