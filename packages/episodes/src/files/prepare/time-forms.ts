/** The kind of a part of a written time, by the regular expression's group. */
const parts =
  /(?<weekday>(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b)|(?<month>(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b)|(?<clock>\d{1,2}:\d{2}(?::\d{2})?)(?<fraction>[.,]\d{1,9})?|(?<half>[ap]m\b)|(?<zone>[+-]\d{2}:?\d{2}(?!\d))(?<comment> \(.*\)$)?|(?<compact>\d{8}T\d{6}|\d{8})(?!\d)|(?<year>\d{4})(?!\d)|(?<number>\d{1,2})(?!\d)|(?<word>[\p{L}\d]+)|(?<other>.)/giu;

/** Words without a meaning for the form, and words for UTC. */
const silent = /^(t|z|gmt|utc|at|of|th|st|nd|rd)$/i;

/** Possible orders of day, month and year if all three are numbers of one or two digits, and of day and month with a year. */
const orders: Readonly<Record<string, readonly (readonly string[])[]>> = {
  "three numbers": [
    ["%d", "%m", "%y"],
    ["%m", "%d", "%y"],
    ["%y", "%m", "%d"],
  ],
  "year, two numbers": [["%m", "%d"]],
  "two numbers, year": [
    ["%d", "%m"],
    ["%m", "%d"],
  ],
  "a number and a year": [["%m"]],
  "a month's name, a number": [["%d"]],
  "a month's name, two numbers": [
    ["%d", "%y"],
    ["%y", "%d"],
  ],
};

/** The names of months that are as long as their short form. */
const isShort = (name: string) => name.length === 3;

/**
 * The possible forms of a written time, in `strptime` letters: several if day, month and year cannot be distinguished. There is
 * no form for a text with words other than names of days and months, such as the name of a zone.
 */
export function formsOfTime(text: string): string[] {
  const found = [...text.matchAll(parts)].map(({ groups = {} }) => groups);
  const has = (kind: string) => found.some((group) => group[kind] !== undefined);
  const numbers = found.filter((group) => group.number !== undefined).length;
  const shape = has("month")
    ? has("year") && numbers === 1
      ? "a month's name, a number"
      : numbers === 2
        ? "a month's name, two numbers"
        : ""
    : has("year")
      ? numbers === 1
        ? "a number and a year"
        : numbers === 2
          ? found.findIndex((group) => group.year) < found.findIndex((group) => group.number)
            ? "year, two numbers"
            : "two numbers, year"
          : ""
      : numbers === 3
        ? "three numbers"
        : "";
  const chosen = orders[shape] ?? (numbers === 0 && has("compact") ? [[]] : []);
  return chosen.flatMap((order) => {
    let next = 0;
    const letters = found.map((group) => {
      const {
        weekday,
        month,
        clock,
        fraction,
        zone,
        comment = "",
        half,
        compact,
        year,
        number,
        word,
        other = "",
      } = group;
      if (weekday) return isShort(weekday) ? "%a" : "%A";
      if (month) return isShort(month) ? "%b" : "%B";
      if (clock) {
        const hours = has("half") ? "%I" : "%H";
        const seconds = clock.split(":").length > 2 ? ":%S" : "";
        const digits = (fraction?.length ?? 1) - 1;
        const after = digits === 0 ? "" : `${fraction?.[0]}${digits <= 3 ? "%g" : digits <= 6 ? "%f" : "%n"}`;
        return `${hours}:%M${seconds}${after}`;
      }
      if (half) return "%p";
      if (zone) return `%z${comment}`;
      if (compact) return compact.length === 8 ? "%Y%m%d" : "%Y%m%dT%H%M%S";
      if (year) return "%Y";
      if (number) return order[next++] ?? "";
      if (word) return silent.test(word) ? word : null;
      return other === "%" ? "%%" : other;
    });
    return letters.includes(null) ? [] : [letters.join("")];
  });
}

/** Forms in words, for an error: which part comes first, if both are possible. */
export function formsInWords(forms: readonly string[]): string {
  const [one = "", other] = forms;
  const quoted = forms.map((form) => `'${form}'`);
  const swapped = one.replace(/%[dm]/g, (part) => (part === "%d" ? "%m" : "%d"));
  if (forms.length === 2 && other === swapped && one.indexOf("%d") < one.indexOf("%m")) {
    return `${quoted[0]} (day first) or ${quoted[1]} (month first)`;
  }
  return `${quoted.join(" or ")}${forms.length > 1 ? ", in the order of its parts" : ""}`;
}
