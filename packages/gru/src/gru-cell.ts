import { add, matMul, mul, sigmoid, slice, sub, type Tensor, tanh } from "@kshot/tensor-fn";

/** The recurrent half of one GRU layer, one set per task; gates in the order r, z, n. */
export interface CellParameters {
  /** `[tasks, 3 hidden, hidden]` */
  readonly weightHh: Tensor;
  /** `[tasks, 1, 3 hidden]` */
  readonly biasHh: Tensor;
}

/**
 * One step of a GRU, as PyTorch's `nn.GRUCell`.
 *
 * r = σ(gi_r + gh_r), z = σ(gi_z + gh_z), n = tanh(gi_n + r∘gh_n), next = (1 − z)∘n + z∘h, with gh = W_hh h + b_hh.
 *
 * @param xGates gi = W_ih x + b_ih `[tasks, nodes, 3 hidden]`
 * @param h the state before `[tasks, nodes, hidden]`; null is the zero state, whose product with W_hh is not computed
 * @returns the next state `[tasks, nodes, hidden]`
 */
export function gruCell(parameters: CellParameters, xGates: Tensor, h: Tensor | null): Tensor {
  const [tasks, nodes, gates] = xGates.shape;
  const hidden = gates / 3;
  const { weightHh, biasHh } = parameters;
  const hGates = h === null ? biasHh : add(matMul(h, weightHh, false, true), biasHh);
  const rows = h === null ? 1 : nodes;
  const gate = (x: Tensor, count: number, position: number) =>
    slice(x, [0, 0, position * hidden], [tasks, count, hidden]);
  const both = add(xGates, hGates);
  const r = sigmoid(gate(both, nodes, 0));
  const z = sigmoid(gate(both, nodes, 1));
  const n = tanh(add(gate(xGates, nodes, 2), mul(r, gate(hGates, rows, 2))));
  return h === null ? sub(n, mul(z, n)) : add(n, mul(z, sub(h, n)));
}
