import type { Engine, EngineDescription, Mask } from "@kshot/contract";
import type { Config, Results } from "@kshot/contract/schemas";
import type { GruConfig } from "@kshot/gru-layout";
import { openEngine } from "../config/index.js";

/** The engines of a run, one per mask, started when first needed. */
export class Engines {
  readonly #open = new Map<Mask, Engine>();

  constructor(
    private readonly config: Config,
    private readonly shape: GruConfig,
  ) {}

  async get(mask: Mask): Promise<Engine> {
    const open = this.#open.get(mask);
    if (open !== undefined) return open;
    const engine = await openEngine(this.config, this.shape, mask, { callerComputes: true });
    this.#open.set(mask, engine);
    return engine;
  }

  /** The engine of the results: a running engine or, if all was finished before, the one in the results. */
  description(results: readonly Results[]): EngineDescription {
    const [engine] = this.#open.values();
    if (engine !== undefined) return { ...engine.description };
    const before = results.map((result) => result.volatile).find((entry) => entry.engine !== "none");
    if (before !== undefined) return { name: before.engine, backend: before.build, workers: before.workers };
    return { name: "none", backend: "none", workers: 1 };
  }

  dispose(): void {
    for (const engine of this.#open.values()) engine.dispose();
  }
}
