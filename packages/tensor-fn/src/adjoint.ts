import { add } from "./ops/elementwise.js";
import { matMul } from "./ops/matmul.js";
import { concat } from "./ops/shape.js";
import { Tensor } from "./tensor.js";

/** A product leftᵀ · right that is not yet computed: `[…, rows, m]` and `[…, rows, n]`. */
export class OuterProduct {
  constructor(
    readonly left: Tensor,
    readonly right: Tensor,
  ) {}
}

/**
 * The sum of the adjoints that reach one node.
 *
 * A weight that an unrolled network uses at every step gets one product per step. Σ_s Lₛᵀ Rₛ = [L₁; L₂; …]ᵀ [R₁; R₂; …]:
 * the products are collected and computed as one, instead of one matrix of the weight's size per step.
 */
export class Adjoint {
  private sum: Tensor | null = null;
  private readonly products: OuterProduct[] = [];

  /** Adds a part. */
  add(part: Tensor | OuterProduct): void {
    if (part instanceof Tensor) this.sum = this.sum === null ? part : add(this.sum, part);
    else this.products.push(part);
  }

  /** The sum; called once, when every part has arrived. */
  total(): Tensor {
    const { sum, products } = this;
    if (products.length === 0) return sum!;
    const rows = products[0].left.shape.length - 2;
    const left = concat(
      products.map((product) => product.left),
      rows,
    );
    const right = concat(
      products.map((product) => product.right),
      rows,
    );
    const product = matMul(left, right, true, false);
    return sum === null ? product : add(sum, product);
  }
}
