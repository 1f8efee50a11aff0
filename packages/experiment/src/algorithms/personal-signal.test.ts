import type { DataSet } from "@kshot/contract";
import { personalSignal as schema } from "@kshot/contract/schemas";
import { beforeAll, describe, expect, it } from "vitest";
import { recorded, temporaryFolder, tinyCampus } from "../../test/tiny.js";
import { personalSignal } from "./personal-signal.js";

const folder = temporaryFolder();
let data: DataSet;
beforeAll(async () => {
  ({ data } = await tinyCampus(folder));
});

/** The same data with all of a person's pairs in one session. */
function inOneSession(all: DataSet): DataSet {
  const { pairs } = all.train;
  return { ...all, train: { ...all.train, pairs: { ...pairs, session: pairs.user, sessions: pairs.users } } };
}

describe("the gain from a person's other sessions", () => {
  it("has an interval over the validation people, the same each time, with a progress line", async () => {
    const { events, progress } = recorded();
    const found = await personalSignal(data, { progress });
    expect(found.people).toBe(data.val.windows.first.length);
    expect(found.queries).toBe(found.people * data.q);
    expect(found.gain!.low).toBeLessThan(found.gain!.value);
    expect(found.gain!.high).toBeGreaterThan(found.gain!.value);
    expect(events[0]).toMatchObject({ type: "stage", total: 2 * found.queries });
    expect(await personalSignal(data, { progress: () => {} })).toEqual(found);
    expect(schema.parse(found)).toEqual(found);
  });

  it("is null if every person has one session", async () => {
    const found = await personalSignal(inOneSession(data), { progress: () => {} });
    expect(found.gain).toBeNull();
    expect(found.people).toBeGreaterThan(2);
  });

  it("stops when it is told to", async () => {
    const stopped = personalSignal(data, { progress: () => {}, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: "INTERRUPTED" });
  });
});
