import "@tensorflow/tfjs-backend-cpu";
import { BatchMatMul, tensor } from "@tensorflow/tfjs-core";
import { runKernel } from "../kernels.js";
import { sizeOf } from "../tensor.js";
import type { Backend } from "./backend.js";
import { copyBlock } from "./copy-block.js";

/** Plain JavaScript: slow, but it always loads. */
export async function load(): Promise<Backend> {
  return {
    name: "cpu",
    device: "cpu",
    matMul: (a, b, transposeA, transposeB) => runKernel(BatchMatMul, { a, b }, { transposeA, transposeB }),
    // TensorFlow.js's own slice computes the position of every element, which takes a third of a recurrent network's time.
    slice(x, begin, size) {
      const target = new Float32Array(sizeOf(size));
      copyBlock(x.dataSync<"float32">(), x.shape, begin, size, target);
      return tensor(target, size as number[]);
    },
  };
}
