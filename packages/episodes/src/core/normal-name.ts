/**
 * A name as it is compared: without blanks around it, in one Unicode normal form (NFC).
 *
 * @param name as written
 * @returns the empty text for a name of blanks only
 */
export function normalName(name: string): string {
  return name.trim().normalize("NFC");
}
