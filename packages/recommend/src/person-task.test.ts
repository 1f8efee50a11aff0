import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { personTask } from "./person-task.js";

const options = { k: 3, maxSeqLen: 4, context: false };

/** Reference: all pairs of a person's sessions, then the last k, then the cut, without a limit on the work. */
function byDefinition(sessions: readonly (readonly number[])[], k: number, maxSeqLen: number) {
  const distinct = sessions.map((session) => session.filter((item, i) => i === 0 || item !== session[i - 1]));
  const pairs = distinct.flatMap((session) =>
    session.slice(1).map((label, i) => ({ sequence: session.slice(0, i + 1).slice(-maxSeqLen), label })),
  );
  const kept = pairs.slice(Math.max(0, pairs.length - k));
  return {
    support: { sequences: kept.map(({ sequence }) => sequence), labels: kept.map(({ label }) => label) },
    query: (distinct.at(-1) ?? []).slice(-maxSeqLen),
  };
}

describe("support pairs and query of a person", () => {
  it.each<[string, number[][], number[][], number[], number[]]>([
    ["no session", [], [], [], []],
    ["one click", [[1]], [], [], [1]],
    ["two clicks", [[1, 2]], [[1]], [2], [1, 2]],
    [
      "the last three pairs",
      [[1, 2, 3, 4, 5]],
      [
        [1, 2],
        [1, 2, 3],
        [1, 2, 3, 4],
      ],
      [3, 4, 5],
      [2, 3, 4, 5],
    ],
    [
      "pairs of two sessions, none across",
      [
        [1, 2],
        [3, 4],
      ],
      [[1], [3]],
      [2, 4],
      [3, 4],
    ],
    ["an immediate repeat counts once", [[1, 1, 2, 2, 2]], [[1]], [2], [1, 2]],
    ["an open session of one click", [[1, 2], [3]], [[1]], [2], [3]],
    ["an empty session is the open one", [[1, 2], []], [[1]], [2], []],
  ])("%s", (_, sessions, sequences, labels, query) => {
    expect(personTask(sessions, options)).toEqual({ support: { sequences, labels }, query });
  });

  it("equals the definition for any sessions, K and cut", () => {
    const sessions = fc.array(fc.array(fc.nat(3), { maxLength: 12 }), { maxLength: 5 });
    fc.assert(
      fc.property(sessions, fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 6 }), (history, k, maxSeqLen) => {
        expect(personTask(history, { k, maxSeqLen, context: false })).toEqual(byDefinition(history, k, maxSeqLen));
      }),
    );
  });

  it("builds no more than the model reads from a million clicks", () => {
    const session = Array.from({ length: 1_000_000 }, (_, i) => i % 7);
    const { support, query } = personTask([session], { k: 5, maxSeqLen: 50, context: false });
    expect(support.sequences.map((sequence) => sequence.length)).toEqual([50, 50, 50, 50, 50]);
    expect(query).toHaveLength(50);
    const many = Array.from({ length: 300_000 }, (_, i) => [i % 7]);
    expect(personTask([[1, 2], ...many], { k: 5, maxSeqLen: 50, context: true }).query).toHaveLength(50);
  });
});

describe("of a model of whole histories", () => {
  const context = { ...options, context: true, maxSeqLen: 10 };

  it("support pairs begin with the support pairs of earlier sessions, the query with all sessions", () => {
    expect(personTask([[1, 2, 3], [9], [4, 5]], context)).toEqual({
      support: { sequences: [[1], [1, 2], [1, 2, 3, 4]], labels: [2, 3, 5] },
      query: [1, 2, 3, 9, 4, 5],
    });
  });

  it("pairs beyond K are not read by later pairs", () => {
    // K = 3: the pairs of [1, 2] are too old; [3, 4, 5] gives two, [6, 7] one.
    expect(
      personTask(
        [
          [1, 2],
          [3, 4, 5],
          [6, 7],
        ],
        context,
      ).support,
    ).toEqual({
      sequences: [[3], [3, 4], [3, 4, 5, 6]],
      labels: [4, 5, 7],
    });
  });
});
