import { readFileSync } from "node:fs";
import { KshotError } from "@kshot/contract";
import { describe, expect, it } from "vitest";
import { readPairTable } from "../src/index.js";

const folder = new URL("../fixtures/parquet/", import.meta.url);
const json = (name: string) => JSON.parse(readFileSync(new URL(name, folder), "utf8"));
const expected: Record<string, string> = json("expected.json");
const rows = json("rows.json");

function read(name: string) {
  return readPairTable(readFileSync(new URL(`${name}.parquet`, folder)), `${name}.parquet`);
}

describe("pairs files in the forms that pandas writes", () => {
  for (const [name, outcome] of Object.entries(expected)) {
    it(`${name}: ${outcome}`, () => {
      if (outcome === "no rows") expect(read(name).length).toBe(0);
      else if (outcome === "rows") {
        const table = read(name);
        const prefixes = Array.from({ length: table.length }, (_, row) =>
          Array.from(table.prefixItems.subarray(table.prefixOffsets[row], table.prefixOffsets[row + 1])),
        );
        expect({
          pair_id: [...table.pairId],
          user_id: Array.from(table.user, (user) => table.users[user]),
          session_id: Array.from(table.session, (session) => table.sessions[session]),
          prefix: prefixes,
          label: [...table.label],
          label_ts_epoch: [...table.labelTime],
          prefix_len: prefixes.map((prefix) => prefix.length),
        }).toEqual(rows);
      } else {
        let caught: unknown;
        try {
          read(name);
        } catch (error) {
          caught = error;
        }
        expect(KshotError.isInstance(caught) && caught.code).toBe("DATA");
        const { message } = caught as Error;
        expect(message).toContain(`${name}.parquet`);
        for (const part of outcome.replace("error: ", "").split(", "))
          expect(message.toLowerCase()).toContain(part.toLowerCase());
      }
    });
  }
});
