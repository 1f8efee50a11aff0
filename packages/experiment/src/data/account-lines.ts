import { accountInWords } from "@kshot/comparison";
import type { Summary } from "@kshot/contract/schemas";

/** The account of a data folder's rows in words (`accountInWords`); empty for folders without one. */
export function accountLines({ rows, served, splitTime, train, val, test }: Summary): [label: string, text: string][] {
  return rows === undefined ? [] : accountInWords({ rows, served, splitTime }, train.users + val.users + test.users);
}
