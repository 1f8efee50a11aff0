import { failedError, messageOf, usageError } from "@kshot/contract";
import { bytesOf } from "./bytes-of.js";
import { hex as relaxed } from "./wasm/relaxed-simd.js";
import { hex as plain } from "./wasm/simd.js";

/** `simd`: the same bits everywhere. `relaxed-simd`: multiply-add in one rounding where the processor has it; faster. */
export type SimdBuild = "simd" | "relaxed-simd";

const sources: Readonly<Record<SimdBuild, string>> = { "relaxed-simd": relaxed, simd: plain };

/** One function each, `() → v128`, that uses an instruction of its build: i8x16.splat; f32x4.relaxed_madd. */
const probes: Readonly<Record<SimdBuild, readonly number[]>> = {
  simd: probe([65, 0, 253, 15]),
  "relaxed-simd": probe([65, 0, 253, 15, 65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2]),
};

/** The builds that this runtime loads, the fastest first. */
export function simdBuilds(): readonly SimdBuild[] {
  return (Object.keys(sources) as SimdBuild[]).filter((build) => WebAssembly.validate(Uint8Array.from(probes[build])));
}

/**
 * The requested build, or the fastest available one.
 *
 * @throws `USAGE` for a build that does not exist; `FAILED` for one that this runtime does not load.
 */
export function chooseBuild(wanted: SimdBuild | "auto"): SimdBuild {
  if (wanted !== "auto" && !Object.hasOwn(sources, wanted)) {
    throw usageError({ where: "build", found: `${wanted}`, expected: "simd, relaxed-simd or auto" });
  }
  const [fastest, ...others] = simdBuilds();
  const build = wanted === "auto" ? fastest : [fastest, ...others].find((name) => name === wanted);
  if (build !== undefined) return build;
  throw failedError({
    where: "SIMD engine",
    found: `this runtime has no WebAssembly ${wanted === "relaxed-simd" ? "relaxed SIMD" : "SIMD"}`,
    expected:
      wanted === "relaxed-simd" ? "Node 22 or later, or a current browser" : "Node 20 or later, or a browser of 2021",
    todo: wanted === "relaxed-simd" ? "Use the simd build" : "Use the tensor engine",
  });
}

/** @throws `FAILED` if a page's content policy, or an edge runtime, lets no code be compiled. */
export async function compileBuild(build: SimdBuild): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytesOf(sources[build]));
  } catch (cause) {
    throw failedError({
      where: "SIMD engine",
      found: `this runtime compiles no WebAssembly (${messageOf(cause)})`,
      expected: "a content policy that allows it",
      todo: "Add 'wasm-unsafe-eval' to the policy's script-src, or pass the option module, compiled by the runtime",
      cause,
    });
  }
}

function probe(instructions: readonly number[]): number[] {
  const body = [0, ...instructions, 11];
  const header = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0];
  return [...header, 10, body.length + 2, 1, body.length, ...body];
}
