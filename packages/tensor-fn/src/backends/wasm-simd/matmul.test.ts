import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, test } from "vitest";
import { matMul, readSync, tensor, tidy, useBackend } from "../../index.js";

beforeAll(() => useBackend("wasm"));

test("the kernels found TensorFlow.js's memory", () => {
  expect(tf.getKernel("TensorFnBatchMatMul", "wasm")).toBeDefined();
});

// Every remainder of the tiles: 4 rows, 8 and 4 columns, 2 columns and 4 products in the inner-product form.
const cases = [1, 2, 4, 5, 9].flatMap((m) =>
  [1, 3, 4, 7, 64].flatMap((k) => [1, 2, 3, 4, 8, 15, 33].map((n) => ({ m, k, n }))),
);

test("equals the definition for every edge of a tile, transposition and batch", () => {
  for (const { m, k, n } of cases) {
    for (const [transposeA, transposeB, batch] of [
      [false, false, 1],
      [false, true, 3],
      [true, false, 3],
      [true, true, 2],
    ] as const) {
      const a = numbers(batch * m * k, 0);
      const b = numbers(batch * k * n, 5);
      const found = tidy(() =>
        matMul(
          tensor(a, [batch, ...(transposeA ? [k, m] : [m, k])]),
          tensor(b, [batch, ...(transposeB ? [n, k] : [k, n])]),
          transposeA,
          transposeB,
        ),
      );
      const values = readSync(found);
      let worst = 0;
      for (let t = 0; t < batch; t++) {
        for (let i = 0; i < m; i++) {
          for (let j = 0; j < n; j++) {
            let exact = 0;
            for (let p = 0; p < k; p++) {
              exact +=
                a[t * m * k + (transposeA ? p * m + i : i * k + p)] *
                b[t * k * n + (transposeB ? j * k + p : p * n + j)];
            }
            worst = Math.max(worst, Math.abs(exact - values[(t * m + i) * n + j]));
          }
        }
      }
      // At most 64 additions to a sum below 8, each rounded at 6e-8 of it.
      expect(worst, `${m}×${k}×${n}`).toBeLessThan(64 * 8 * 6e-8);
    }
  }
});

function numbers(length: number, from: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => 2 * (((i + from + 1) * 0.6180339887498949) % 1) - 1);
}
