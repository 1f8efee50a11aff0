import type { PlainEvent } from "../count-pairs.js";
import type { FileKind } from "./file-kind.js";
import { csv, events, iso, people, rows, start, table } from "./samples.js";

const two = (value: number) => String(value).padStart(2, "0");

const plainText = (time: number) => iso(time).slice(0, 19).replace("T", " ");

const withTimes = (form: (time: number) => string | number, of = events) =>
  table(of.map(({ user, item, time }) => [user, item, form(time)]));
const days: readonly PlainEvent[] = people.flatMap((user) =>
  (
    [
      ["10", "2020-03-01"],
      ["11", "2020-03-01"],
      ["12", "2020-03-02"],
      ["13", "2020-03-02"],
      ["14", "2020-03-09"],
    ] as const
  ).map(([item, day]) => ({ user, item, time: Date.parse(`${day}T00:00:00Z`) / 1000 })),
);
const dayRows = (form: (day: string) => string | number) =>
  table(days.map(({ user, item, time }) => [user, item, form(iso(time).slice(0, 10))]));
const daysFlags = "--ties keep --session-gap 600000";

const fractions: readonly PlainEvent[] = people.flatMap((user) =>
  [0.2, 0.7, 0.9, 1.5].map((time, i) => ({ user, item: `${10 + i}`, time: start + time })),
);
/** A time in several notations. */
const inZone = (time: number, i: number) => {
  const [zone, seconds] = (
    [
      ["Z", 0],
      ["+02:00", 7200],
      ["-0530", -19800],
      [" +0900", 32400],
      ["-08", -28800],
    ] as const
  )[i % 5] ?? ["Z", 0];
  return `${iso(time + seconds).slice(0, 19)}${zone}`;
};
const stamped = (form: (date: Date) => string) => withTimes((time) => form(new Date(time * 1000)));
const month = (date: Date) =>
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][date.getUTCMonth()];
const weekday = (date: Date) => ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][date.getUTCDay()];
const clock = (date: Date) => date.toISOString().slice(11, 19);

/** Times in several forms. */
export const timesKinds: readonly FileKind[] = [
  { name: "milliseconds", files: { "e.csv": withTimes((t) => `${t * 1e3}`) }, events, notes: /milliseconds/ },
  { name: "microseconds", files: { "e.csv": withTimes((t) => `${t * 1e6}`) }, events, notes: /microseconds/ },
  { name: "nanoseconds", files: { "e.csv": withTimes((t) => `${t}000000000`) }, events, notes: /nanoseconds/ },
  { name: "seconds as pandas writes floats", files: { "e.csv": withTimes((t) => t.toFixed(1)) }, events },
  { name: "seconds with an exponent", files: { "e.csv": withTimes((t) => t.toExponential()) }, events },
  { name: "fractions of seconds", files: { "e.csv": withTimes((t) => t.toFixed(3), fractions) }, events: fractions },
  { name: "ISO 8601 with zones", files: { "e.csv": withTimes((t) => iso(t + 7200).replace("Z", "+02:00")) }, events },
  {
    name: "dates of 8 digits",
    files: { "e.csv": dayRows((day) => day.replaceAll("-", "")) },
    flags: daysFlags,
    events: days,
    notes: /yyyymmdd/,
  },
  {
    name: "dates and times of 14 digits",
    files: { "e.csv": withTimes((t) => plainText(t).replace(/\D/g, "")) },
    events,
    notes: /yyyymmddhhmmss/,
  },
  {
    name: "hours of 10 digits",
    files: { "e.csv": withTimes((t) => plainText(t).replace(/\D/g, "").slice(0, 10)) },
    events: null,
    says: /--time-format '%Y%m%d%H'/,
  },
  {
    name: "hours of 10 digits, before 2000",
    files: {
      "e.csv": withTimes((t) =>
        plainText(t - 22 * 365.25 * 86400)
          .replace(/\D/g, "")
          .slice(0, 10),
      ),
    },
    events: null,
    says: /--time-unit s or --time-format '%Y%m%d%H'/,
  },
  {
    name: "minutes of 10 digits",
    files: {
      "e.csv": withTimes((t) =>
        plainText(t - 5 * 365.25 * 86400)
          .replace(/\D/g, "")
          .slice(2, 12),
      ),
    },
    events: null,
    says: /--time-unit s or --time-format '%y%m%d%H%M'/,
  },
  { name: "days alone", files: { "e.csv": dayRows((day) => day) }, flags: daysFlags, events: days },
  {
    name: "days only, ordered by a column",
    files: {
      "e.csv": table(
        [...days].map(({ user, item, time }, i) => [user, item, plainText(time).slice(0, 10), i]).reverse(),
        { header: "user,item,time,nr" },
      ),
    },
    flags: `${daysFlags} --order nr`,
    events: days,
  },
  {
    name: "day before month",
    files: {
      "e.csv": stamped((d) => `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()} ${clock(d)}`),
    },
    flags: "--time-format '%d/%m/%Y %H:%M:%S'",
    events,
  },
  {
    name: "day before month, without its flag",
    files: {
      "e.csv": stamped((d) => `${two(d.getUTCDate())}/${two(d.getUTCMonth() + 1)}/${d.getUTCFullYear()} ${clock(d)}`),
    },
    events: null,
    says: /--time-format.*%d\/%m\/%Y %H:%M:%S/,
  },
  {
    name: "Twitter's times",
    files: {
      "e.csv": stamped(
        (d) => `${weekday(d)} ${month(d)} ${two(d.getUTCDate())} ${clock(d)} +0000 ${d.getUTCFullYear()}`,
      ),
    },
    flags: "--time-format '%a %b %d %H:%M:%S %z %Y'",
    events,
  },
  {
    name: "years of two digits",
    files: { "e.csv": withTimes((t) => plainText(t).slice(2, 10)) },
    events: null,
    says: /--time-format/,
  },
  {
    name: "a spreadsheet's day numbers",
    files: { "e.csv": withTimes((t) => (t / 86400 + 25569).toFixed(5)) },
    events: null,
    says: /--time-unit/,
  },
  {
    name: "days of a course",
    files: { "e.csv": table(rows.map(([user, item], i) => [user, item, i % 8])) },
    events: null,
    says: /--time-unit s --session-gap none/,
  },
  {
    name: "days of a course, for their order",
    files: { "e.csv": table(rows.map(([user, item], i) => [user, item, i % 8])) },
    flags: "--time-unit s --session-gap none",
    events: events.map((event, i) => ({ ...event, time: i % 8 })),
  },
  {
    name: "times before 1970",
    files: { "e.csv": withTimes((t) => t - 2 * start) },
    flags: "--time-unit s",
    events: events.map((e) => ({ ...e, time: e.time - 2 * start })),
  },
  {
    name: "numbers that are not times, among times",
    files: { "e.csv": `${csv}1,10,0\n1,10,NaN\n1,10,-1\n` },
    flags: "--skip-bad 3",
    events,
  },
  {
    name: "numbers that are not times, not allowed",
    files: { "e.csv": `${csv}1,10,-1\n` },
    events: null,
    says: /row 24: -1, where most numbers are seconds.*--null -1 --skip-bad/,
  },
  {
    name: "a column of words as times",
    files: { "e.csv": withTimes(() => "yesterday") },
    events: null,
    says: /--time-format/,
  },
  {
    name: "times in several zones",
    files: { "e.csv": table(events.map(({ user, item, time }, i) => [user, item, inZone(time, i)])) },
    events,
  },
  {
    name: "minutes with a zone",
    files: { "e.csv": withTimes((t) => `${iso(t - (t % 60) + 7200).slice(0, 16)}+02:00`) },
    events: events.map((event) => ({ ...event, time: event.time - (event.time % 60) })),
  },
  {
    name: "zones by name",
    files: { "e.csv": withTimes((t) => `${plainText(t)} EST`) },
    events: null,
    says: /Write zones as hours.*%Z/,
  },
  {
    name: "zones by name, said",
    // New York is 4 hours behind in September.
    files: {
      "e.csv": withTimes(
        (t) => `${plainText(t - (t % 2 === 0 ? 4 * 3600 : 0))} ${t % 2 === 0 ? "America/New_York" : "UTC"}`,
      ),
    },
    flags: "--time-format '%Y-%m-%d %H:%M:%S %Z'",
    events,
  },
  {
    name: "decimal commas",
    files: {
      "e.csv": table(
        events.map(({ user, item, time }) => [user, item, `${time},5`]),
        { mark: ";" },
      ),
    },
    events: null,
    says: /with a point for decimals/,
  },
  {
    name: "numbers that count from another start",
    files: { "e.csv": withTimes((t) => t - start) },
    events: null,
    says: /which may count days, seconds or anything else.* Say what they count with --time-unit/,
  },
  {
    name: "blanks around times with a zone",
    files: { "e.csv": withTimes((t) => ` ${iso(t + 7200).slice(0, 19)}+02:00 `) },
    events,
  },
  {
    name: "fractions behind a comma",
    files: { "e.csv": withTimes((t) => `"${plainText(t)},250"`) },
    events: events.map((event) => ({ ...event, time: event.time + 0.25 })),
  },
  {
    name: "an impossible zone",
    files: { "e.csv": withTimes((t) => `${plainText(t)}+25:00`) },
    events: null,
    says: /\+25:00/,
  },
  {
    name: "words that some programs read as times",
    files: { "e.csv": `${csv}1,10,epoch\n` },
    events: null,
    says: /"epoch"/,
  },
  {
    name: "a learning platform's log, day first or month first",
    files: { "e.csv": withTimes((t) => `"${iso(t).slice(8, 10)}/06/20, ${iso(t).slice(11, 16)}"`) },
    events: null,
    says: /'%d\/%m\/%y, %H:%M'/,
  },
  {
    name: "a learning platform's log, long dates",
    files: { "e.csv": withTimes(() => '"Sunday, 13 September 2020, 12:26 PM"') },
    events: null,
    says: /--time-format, as '%A, %d %B %Y, %I:%M %p'/,
  },
  {
    name: "an account's download, dates with commas",
    files: { "e.csv": withTimes(() => '"Sep 13, 2020, 12:26:40 PM UTC"') },
    events: null,
    says: /--time-format, as '%b %d, %Y, %I:%M:%S %p UTC'/,
  },
];
