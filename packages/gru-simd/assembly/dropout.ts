import { Forest } from "./forest";
import { hidden, hiddenPadded } from "./shape";

/** Rows h of `[pairs, hidden]` ← h∘kept / (1 − rate), in place: the same for the state, its gradient and their tangents. */
export function dropUnits(f: Forest, rows: usize): void {
  if (f.dropoutScale == 0) return;
  const scale = f.dropoutScale;
  const words = (hidden + 31) >> 5;
  for (let pair = 0; pair < f.pairs; pair++) {
    const row = rows + ((usize(pair) * hiddenPadded) << 2);
    const mask = f.mask + ((usize(pair) * words) << 2);
    for (let unit = 0; unit < hidden; unit++) {
      const kept = (load<i32>(mask + (usize(unit >> 5) << 2)) >> (unit & 31)) & 1;
      const at = row + (usize(unit) << 2);
      store<f32>(at, kept ? load<f32>(at) * scale : 0);
    }
  }
}
