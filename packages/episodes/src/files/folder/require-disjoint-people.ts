import { dataError, type PairTable, type SplitName } from "@kshot/contract";

/** @throws `DATA` for the first person who is in two splits. `fileOf` names the split's pairs file. */
export function requireDisjointPeople(
  tables: Readonly<Record<SplitName, PairTable>>,
  fileOf: (split: SplitName) => string,
): void {
  const home = new Map<string, SplitName>();
  for (const split of ["train", "val", "test"] as const) {
    tables[split].users.forEach((name, user) => {
      const other = home.get(name);
      if (other !== undefined) {
        throw dataError({
          where: `${fileOf(split)}, column user_id, row ${tables[split].user.indexOf(user)}`,
          found: `"${name}", who is in ${fileOf(other)} too`,
          expected: "each person in one split",
          todo: "Split by people, not by pairs",
        });
      }
      home.set(name, split);
    });
  }
}
