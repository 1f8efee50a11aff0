/** Milliseconds for which a loop may block the thread. */
const longest = 100;

let last = 0;

/**
 * Yields the thread ten times a second in a loop whose steps do not yield. Otherwise no other code runs, no signal is handled and
 * no progress is drawn.
 */
export async function yieldThread(): Promise<void> {
  const now = Date.now();
  if (now - last < longest && now >= last) return;
  await new Promise<void>((resolve) => setTimeout(resolve));
  last = Date.now();
}
