/**
 * What no file of the repository may hold: a path of somebody's machine, or the host of a package registry.
 *
 * A slash in these patterns is escaped, so that this file does not match itself.
 */
const forbidden: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a machine path", /(?<![\w.$}*-])\/(?:work|root|home\/[\w.-]+|Users\/[\w.-]+)\/[\w.-]/],
  ["a machine path", /\b[A-Z]:\\Users\\/],
  [
    "a registry host",
    /\b(?:registry|npm|pypi|artifactory|nexus|verdaccio)\.(?:[\w-]+\.)+(?:com|org|net|io|dev|cn|local|internal)\b/,
  ],
  ["a registry host", /\b(?:pypi\.org|pythonhosted\.org|npmjs\.com\/-)/],
  ["an address of a private network", /\/\/(?:127|10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d/],
];

/** Each line of a text that holds one of them, as `what in line n`. */
export function privateText(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line, i) =>
      forbidden.filter(([, pattern]) => pattern.test(line)).map(([what]) => `${what} in line ${i + 1}`),
    );
}
