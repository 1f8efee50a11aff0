import { usageError } from "@kshot/contract";
import { Adjoint, type OuterProduct } from "./adjoint.js";
import { type Attributes, type Derivative, derivatives, type OpName } from "./derivatives.js";
import { kernels } from "./kernels.js";
import { Tensor } from "./tensor.js";

/** The record of one running derivative; `level` counts how many derivatives are nested, from 1. */
export interface Trace {
  readonly level: number;
  readonly nodes: TraceNode[];
  /** False after the derivative was computed: its tensors can then no longer be used. */
  open: boolean;
}

/** One recorded operation, or a parameter (`call` is null). */
export interface TraceNode {
  readonly trace: Trace;
  readonly index: number;
  readonly call: Call | null;
}

interface Call {
  readonly name: OpName;
  readonly attributes: Attributes[OpName];
  /** Values one level down, so that every outer derivative records what a rule computes. */
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  /** Which inputs depend on the parameters of this trace: the others get no derivative. */
  readonly parents: readonly (TraceNode | null)[];
}

// The only module state: the running derivatives, outermost first. Everything is synchronous.
const running: Trace[] = [];

/** How many derivatives are running. */
export function depth(): number {
  return running.length;
}

/** Runs `body` and records the operations on the boxed copies of `parameters`. */
export function record<R>(parameters: readonly Tensor[], body: (boxed: Tensor[]) => R): { trace: Trace; result: R } {
  const trace: Trace = { level: running.length + 1, nodes: [], open: true };
  const boxed = parameters.map((parameter) => {
    requireLive(parameter);
    return new Tensor(parameter.handle, parameter, push(trace, null));
  });
  running.push(trace);
  try {
    return { trace, result: body(boxed) };
  } finally {
    running.pop();
    trace.open = false;
  }
}

/** The value as seen outside of a trace. */
export function lowered(tensor: Tensor, trace: Trace): Tensor {
  return tensor.node?.trace === trace ? tensor.lower! : tensor;
}

/**
 * Applies an operation: directly by the kernel when no derivative records its inputs, otherwise one level down, and records it.
 */
export function apply<K extends OpName>(name: K, inputs: readonly Tensor[], attributes: Attributes[K]): Tensor {
  let level = 0;
  for (const input of inputs) if (input.level > level) level = input.level;
  if (level === 0) {
    return new Tensor(
      kernels[name](
        inputs.map((input) => input.handle),
        attributes,
      ),
      null,
      null,
    );
  }
  const trace = running[level - 1];
  const values: Tensor[] = [];
  const parents: (TraceNode | null)[] = [];
  for (const input of inputs) {
    requireLive(input);
    const follows = input.level === level;
    values.push(follows ? input.lower! : input);
    parents.push(follows ? input.node : null);
  }
  const output = apply(name, values, attributes);
  return new Tensor(output.handle, output, push(trace, { name, attributes, inputs: values, output, parents }));
}

/**
 * Reverse pass from outputs with their adjoints: the adjoints of a trace's first `count` nodes (its parameters), null where
 * no output depends on one.
 *
 * v_parent += (∂output/∂input)ᵀ v_output over the record, latest operation first.
 */
export function backward(
  trace: Trace,
  outputs: readonly Tensor[],
  seeds: readonly Tensor[],
  count: number,
): (Tensor | null)[] {
  const adjoints: (Adjoint | undefined)[] = new Array(trace.nodes.length);
  const flowInto = (node: TraceNode, part: Tensor | OuterProduct) => (adjoints[node.index] ??= new Adjoint()).add(part);
  outputs.forEach((output, i) => {
    if (output.node?.trace === trace) flowInto(output.node, seeds[i]);
  });
  for (let index = trace.nodes.length - 1; index >= count; index--) {
    const adjoint = adjoints[index]?.total();
    const call = trace.nodes[index].call;
    if (adjoint === undefined || call === null) continue;
    adjoints[index] = undefined;
    call.parents.forEach((parent, position) => {
      if (parent !== null) flowInto(parent, pullBack(call, adjoint, position));
    });
  }
  return Array.from({ length: count }, (_, index) => adjoints[index]?.total() ?? null);
}

function pullBack(call: Call, adjoint: Tensor, position: number): Tensor | OuterProduct {
  // The table pairs each name with its own attributes; TypeScript cannot express that for a union.
  const rules = derivatives[call.name] as readonly Derivative<unknown>[];
  const rule = rules[Math.min(position, rules.length - 1)];
  return rule(adjoint, { inputs: call.inputs, output: call.output, attributes: call.attributes, position });
}

function push(trace: Trace, call: Call | null): TraceNode {
  const node = { trace, index: trace.nodes.length, call };
  trace.nodes.push(node);
  return node;
}

function requireLive(tensor: Tensor): void {
  if (tensor.node === null || tensor.node.trace.open) return;
  throw usageError({
    found: "a tensor from inside a derivative that is already finished",
    expected: "tensors of the function being differentiated to stay in it",
    todo: "Return the value from the function instead of keeping it in a variable",
  });
}
