/**
 * Flags as words of a command line, quoted for a shell: `--name trial --alpha-range -1,1`. Flags that are undefined or off are
 * omitted.
 *
 * @param flags by their names in code, `alphaRange`
 */
export function flagsAsTyped(flags: Readonly<Record<string, unknown>>): string {
  return Object.entries(flags)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => {
      const flag = `--${inKebab(name)}`;
      if (value === true) return flag;
      return `${flag} ${quoted(Array.isArray(value) ? value.map(typedWord).join(",") : String(value))}`;
    })
    .join(" ");
}

/** A word for a shell, in quotes if it has characters that a shell would interpret. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** An entry of a list; a metric is written by its name. */
function typedWord(entry: unknown): string {
  return typeof entry === "object" && entry !== null && "name" in entry ? String(entry.name) : String(entry);
}

/** A flag's name as it is typed: `alpha-range` for `alphaRange`. */
export function inKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
