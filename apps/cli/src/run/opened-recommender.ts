import { openRecommender, type Recommender } from "@kshot/recommend";
import { engineOptions } from "../flags/engine.js";
import type { RecommendFlags } from "../flags/recommend.js";
import { itemList } from "./item-list.js";

/** The content of a person's list. */
export function rankingOptions({ top, newOnly, unknown, among, exclude }: RecommendFlags) {
  return {
    ...{ top, newOnly, unknown },
    ...(among === undefined ? {} : { among: itemList(among) }),
    ...(exclude === undefined ? {} : { exclude: itemList(exclude) }),
  };
}

/** Opens a model on the engine that the flags choose. @param model - its file */
export async function openedRecommender(flags: RecommendFlags, model: string, workers: number): Promise<Recommender> {
  const choice = { ...engineOptions(flags), workers: flags.workers ?? workers };
  if (choice.engine !== "tensor" && choice.device === "cpu" && choice.backend === undefined) {
    const { build } = choice;
    return openRecommender(model, { workers: choice.workers, ...(build === undefined ? {} : { build }) });
  }
  // The other engines load libraries that one list does not need.
  const { openEngine } = await import("@kshot/experiment");
  return openRecommender(model, { engine: ({ shape, rules }) => openEngine(choice, shape, rules.mask) });
}
