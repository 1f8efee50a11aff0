import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import * as tf from "@tensorflow/tfjs-core/dist/index.js";
import { beforeAll, expect, test } from "vitest";
import { add, grad, readSync, square, type Tensor, tanh, tensor, useBackend } from "./index.js";

beforeAll(() => useBackend("cpu"));

// The reason for this package. If the first expectation fails, TensorFlow.js is repaired: its tanh rule saves its
// output, which has left the outer tape, so the second derivative of tanh is silently missing where x² keeps the tape alive.
test("TensorFlow.js loses the second derivative of x² + tanh x, this package does not", () => {
  const x = 0.5;
  const theirs = tf.grad((outer: tf.Tensor) =>
    tf.grad((inner: tf.Tensor) => tf.add(tf.square(inner), tf.tanh(inner)))(outer),
  );
  expect(theirs(tf.scalar(x)).dataSync()[0]).toBe(2);

  const ours = grad(grad((y: Tensor) => add(square(y), tanh(y))));
  const exact = 2 - 2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2);
  expect(exact).toBeCloseTo(1.2731, 4);
  expect(readSync(ours(tensor([x], [])))[0]).toBeCloseTo(exact, 6);
});
