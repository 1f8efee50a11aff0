#!/usr/bin/env node
/**
 * GFLOP/s of one core in WebAssembly: a loop of fused multiply-adds on registers alone, twelve vectors of four numbers. No kernel can be
 * faster, so a number of operations divided by it is a lower limit of time.
 *
 *   node --experimental-wasm-relaxed-simd tooling/bench/multiply-add-peak.js
 */
import { pathToFileURL } from "node:url";

const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
const source = `
export function run(rounds: i32): f32 {
  ${names.map((name) => `let ${name} = f32x4.splat(0);`).join("\n  ")}
  const x = f32x4.splat(1.0001);
  const y = f32x4.splat(0.5);
  for (let i = 0; i < rounds; i++) {
    ${names.map((name) => `${name} = f32x4.relaxed_madd(x, y, ${name});`).join("\n    ")}
  }
  return f32x4.extract_lane(${names.reduce((sum, name) => `f32x4.add(${sum}, ${name})`)}, 0);
}`;

/** The best of ten measurements, in GFLOP/s. */
export async function multiplyAddPeak() {
  const compiler = new URL("../../packages/gru-simd/node_modules/assemblyscript/dist/asc.js", import.meta.url);
  const { default: asc } = await import(compiler.href);
  let binary;
  const { error, stderr } = await asc.main(
    ["peak.ts", "--outFile", "peak.wasm", "--enable", "simd,relaxed-simd", "--runtime", "stub", "-O3"],
    {
      readFile: (name) => (name === "peak.ts" ? source : null),
      writeFile: (name, contents) => {
        if (name === "peak.wasm") binary = contents;
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString());
  const { instance } = await WebAssembly.instantiate(binary, {});
  const { run } = instance.exports;
  const rounds = 1e7;
  run(rounds);
  let best = 0;
  for (let i = 0; i < 10; i++) {
    const start = performance.now();
    run(rounds);
    const gigaflop = (rounds * names.length * 4 * 2) / 1e9;
    best = Math.max(best, gigaflop / ((performance.now() - start) / 1000));
  }
  return best;
}

/** GFLOP of one meta-iteration of `kshot bench`: products of forward and backward passes and of their tangents, nothing else. */
export function metaIterationGigaflop({
  history,
  items = 343,
  embedding = 64,
  hidden = 128,
  tasks = 32,
  innerSteps = 5,
}) {
  // Nodes, nodes with a state before them, and pairs, of support and query.
  const [support, query] =
    history === "long"
      ? [
          [250, 245, 5],
          [500, 490, 10],
        ]
      : [
          [5, 4, 5],
          [15, 14, 10],
        ];
  const forward = ([nodes, inner, pairs]) =>
    nodes * 3 * hidden * embedding + inner * 3 * hidden * hidden + pairs * items * hidden;
  // A gradient has three products of each forward one, a Hessian-vector product six more.
  return (2 * tasks * (innerSteps * 9 * forward(support) + 3 * forward(query))) / 1e9;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(`${(await multiplyAddPeak()).toFixed(1)} GFLOP/s`);
}
