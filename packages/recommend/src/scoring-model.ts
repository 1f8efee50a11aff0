import type { ParameterVector } from "@kshot/contract";
import type { PersonTask } from "./person-task.js";
import type { Answer } from "./recommender.js";

/** Scores of one person's next item. */
export interface PersonScores {
  /** `[nItems]`; higher is better. */
  readonly after: ArrayLike<number>;
  /** The same without the support pairs; undefined if the caller did not ask for it. */
  readonly before: ArrayLike<number> | undefined;
  readonly adapted: Answer["adapted"];
}

/** The interface of a recommender to its model: a network, a counting model or a stack of both. */
export interface ScoringModel {
  /** Whether it takes gradient steps on a person's pairs. */
  readonly adapts: boolean;
  /** The kind of scores: logits, whose softmax is a probability, or shares, which are divided by their sum. */
  readonly scale: "logit" | "share";
  /** A person's pairs and query in the model's form. */
  task(sessions: readonly (readonly number[])[]): ModelTask;
  /** Scores of people's next items, and those without support pairs if `before` asks for them. */
  scores(tasks: readonly ModelTask[], before: boolean): Promise<readonly PersonScores[]>;
  /** The weights after the inner steps. @throws `USAGE` for a model without weights */
  parameters(task: ModelTask): Promise<ParameterVector>;
  /** Frees memory and threads. */
  close(): void;
}

/** A person's task, and the same task for a network that reads the support pairs before the query. */
export interface ModelTask extends PersonTask {
  readonly read: PersonTask;
}
