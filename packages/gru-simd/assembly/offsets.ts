import { Forest } from "./forest";
import { items, itemsPadded } from "./shape";

/** logits `[pairs, items]` += the fixed offsets, in place. They are constants: derivatives see them through the probabilities only. */
export function addOffsets(f: Forest, logits: usize): void {
  if (f.offsets == 0) return;
  const bytes = usize(items) << 2;
  const whole = bytes & ~15;
  for (let pair = 0; pair < f.pairs; pair++) {
    const to = logits + ((usize(pair) * itemsPadded) << 2);
    const from = f.offsets + usize(pair) * bytes;
    for (let at: usize = 0; at < whole; at += 16) {
      v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
    }
    for (let at = whole; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
  }
}
