import { Forest } from "./forest";
import { gatherRows, scatterRows } from "./rows";
import { embeddingPadded } from "./shape";

/** x = E[item]. With E the direction's rows this is also the tangent: ẋ = Ė[item]. `embedding` is compact, `[rows, embedding]`. */
export function embed(f: Forest, x: usize, embedding: usize): void {
  gatherRows(x, embedding, f.row, f.nodes, embeddingPadded);
}

/** dE[item] += dx. With ḋx this is also the tangent. Zeroes `dEmbedding` first. */
export function embedBackward(f: Forest, dEmbedding: usize, dx: usize): void {
  memory.fill(dEmbedding, 0, (usize(f.rows) * embeddingPadded) << 2);
  scatterRows(dEmbedding, dx, f.row, f.nodes, embeddingPadded);
}
