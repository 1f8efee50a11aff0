import { usageError } from "@kshot/contract";
import { sameShape, showShape, Tensor } from "./tensor.js";

/** Named parameters. */
export type Tree = { readonly [name: string]: Tensor };

/** The variables of a derivative: one tensor, or a tree of tensors. */
export type Parameters = Tensor | Tree;

/** A result with the names of P. */
export type Like<P extends Parameters> = P extends Tensor ? Tensor : { readonly [K in keyof P]: Tensor };

/** The tensors of a tree, in the order of its names. */
export function leaves(parameters: Parameters): Tensor[] {
  return parameters instanceof Tensor ? [parameters] : Object.values(parameters);
}

/** A tree with the names of `parameters` and the given tensors, in the order of its names. */
export function rebuild<P extends Parameters>(parameters: P, tensors: readonly Tensor[]): Like<P> {
  if (parameters instanceof Tensor) return tensors[0] as Like<P>;
  return Object.fromEntries(Object.keys(parameters).map((name, i) => [name, tensors[i]])) as Like<P>;
}

/** Leaves of `tree` in the order of `parameters`' names; throws USAGE where names or shapes differ. */
export function leavesLike(parameters: Parameters, tree: Parameters, where: string): Tensor[] {
  if (parameters instanceof Tensor || tree instanceof Tensor) {
    if (!(parameters instanceof Tensor && tree instanceof Tensor)) {
      throw usageError({ where, found: "a tree together with a single tensor", expected: "two trees or two tensors" });
    }
    requireShape(parameters, tree, where);
    return [tree];
  }
  const extra = Object.keys(tree).filter((name) => !(name in parameters));
  if (extra.length > 0) throw usageError({ where, found: `unknown names ${extra.join(", ")}` });
  return Object.entries(parameters).map(([name, parameter]) => {
    const tensor = tree[name];
    if (tensor === undefined) throw usageError({ where: `${where}, ${name}`, found: "no tensor of this name" });
    requireShape(parameter, tensor, `${where}, ${name}`);
    return tensor;
  });
}

function requireShape(parameter: Tensor, tensor: Tensor, where: string): void {
  if (sameShape(parameter.shape, tensor.shape)) return;
  throw usageError({
    where,
    found: `shape ${showShape(tensor.shape)}`,
    expected: `the parameter's shape ${showShape(parameter.shape)}`,
  });
}
