import type { ParameterVector } from "@kshot/contract";
import type { PersonTask } from "./person-task.js";
import type { Answer } from "./recommender.js";

/** Scores of one person's next item. */
export interface PersonScores {
  /** `[nItems]`; higher is better. */
  readonly after: ArrayLike<number>;
  /** The same without the support pairs; undefined where it was not asked for. */
  readonly before: ArrayLike<number> | undefined;
  readonly adapted: Answer["adapted"];
}

/** What a recommender asks of its model, be it a network, a counting model or a stack of both. */
export interface ScoringModel {
  /** Whether it takes gradient steps on a person's pairs. */
  readonly adapts: boolean;
  /** What the scores are: logits, whose softmax is a probability, or shares, which are divided by their sum. */
  readonly scale: "logit" | "share";
  /** A person's pairs and query as the model takes them. */
  task(sessions: readonly (readonly number[])[]): ModelTask;
  /** Scores of people's next items, and without their support pairs where `before` asks for it. */
  scores(tasks: readonly ModelTask[], before: boolean): Promise<readonly PersonScores[]>;
  /** The weights after the inner steps. @throws `USAGE` for a model without weights of its own */
  parameters(task: ModelTask): Promise<ParameterVector>;
  /** Frees memory and threads. */
  close(): void;
}

/** A person's task, and as a network that reads the support pairs before the query takes it. */
export interface ModelTask extends PersonTask {
  readonly read: PersonTask;
}
