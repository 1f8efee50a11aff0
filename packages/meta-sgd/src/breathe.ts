/** Milliseconds that a loop keeps the thread to itself. */
const longest = 100;

let last = 0;

/**
 * Lets go of the thread ten times a second in a loop whose steps do not: else nothing else runs, no signal is heard and no progress drawn.
 */
export async function breathe(): Promise<void> {
  const now = Date.now();
  if (now - last < longest && now >= last) return;
  await new Promise<void>((resolve) => setTimeout(resolve));
  last = Date.now();
}
