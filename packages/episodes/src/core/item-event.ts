import { type SplitName, usageError } from "@kshot/contract";
import { compareCodePoints } from "./code-points.js";
import { type EventColumns, splitNames } from "./event-columns.js";
import { normalName } from "./normal-name.js";

/** One event: a person, an item and a time. */
export interface ItemEvent {
  readonly user: string | number;
  readonly item: string | number;
  /** Seconds since 1970 (UTC), with their fraction; or a `Date`. */
  readonly time: number | Date;
  /**
   * Name of the session within the person's events. Given for all events or for none; if not given, `sessionGap` ends sessions.
   */
  readonly session?: string | number;
  /** The person's split. Given for all events or for none, and the same for all events of a person. */
  readonly split?: SplitName;
}

/**
 * Events in any order → columns sorted by person, session (if given), time, and position in the list. Names are compared
 * in one form (`normalName`) and numbered in byte order, as in `prepare`.
 *
 * @param events read once, in order
 * @throws `USAGE` for an event without a name or a finite time, for sessions or splits given for some events only, and for a
 * person in two splits; it names the event.
 */
export function eventColumns(events: Iterable<ItemEvent>): EventColumns {
  const given = [...events].map(checkedEvent);
  const users = inByteOrder(given.map(({ user }) => user));
  const items = inByteOrder(given.map(({ item }) => item));
  const session = sessionNumbers(given, users.numbers);
  const rows = Int32Array.from(given.keys()).sort(
    (a, b) =>
      users.numbers[a]! - users.numbers[b]! ||
      (session ? session[a]! - session[b]! : 0) ||
      given[a]!.time - given[b]!.time ||
      a - b,
  );
  const userOffsets = new Int32Array(users.names.length + 1);
  for (const user of users.numbers) userOffsets[user + 1]!++;
  for (let person = 0; person < users.names.length; person++) userOffsets[person + 1]! += userOffsets[person]!;
  const split = splitNumbers(given, users);
  return {
    users: users.names,
    items: items.names,
    userOffsets,
    item: rows.map((row) => items.numbers[row]!),
    time: Float64Array.from(rows, (row) => given[row]!.time),
    row: rows,
    ...(session ? { session: rows.map((row) => session[row]!) } : {}),
    ...(split ? { split } : {}),
  };
}

interface CheckedEvent {
  readonly user: string;
  readonly item: string;
  readonly time: number;
  readonly session: string | undefined;
  readonly split: number | undefined;
}

function checkedEvent(event: ItemEvent, index: number): CheckedEvent {
  const refuse = (key: string, value: unknown, expected: string) =>
    usageError({ where: `event ${index}, ${key}`, found: value === undefined ? "nothing" : String(value), expected });
  if (typeof event !== "object" || event === null)
    throw usageError({ where: `event ${index}`, found: String(event), expected: "{ user, item, time }" });
  const name = (key: "user" | "item" | "session"): string => {
    const value = event[key];
    const text = typeof value === "number" ? Number.isFinite(value) && String(value) : value;
    const named = typeof text === "string" ? normalName(text) : "";
    if (named !== "") return named;
    throw refuse(key, value, "a non-empty text, or a number");
  };
  const time = event.time instanceof Date ? event.time.getTime() / 1000 : event.time;
  if (typeof time !== "number" || !Number.isFinite(time)) {
    throw refuse("time", event.time, "seconds since 1970, or a Date");
  }
  const split = event.split === undefined ? undefined : splitNames.indexOf(event.split);
  if (split === -1) throw refuse("split", event.split, splitNames.join(", "));
  return {
    ...{ user: name("user"), item: name("item"), time, split },
    session: event.session === undefined ? undefined : name("session"),
  };
}

/** Distinct names in byte order, and each value's number. */
function inByteOrder(values: readonly string[]): { readonly names: readonly string[]; readonly numbers: Int32Array } {
  const names = [...new Set(values)].sort(compareCodePoints);
  const numberOf = new Map(names.map((name, number) => [name, number]));
  return { names, numbers: Int32Array.from(values, (value) => numberOf.get(value)!) };
}

/** Numbers of the sessions, those of a person in the order of their starts; undefined if no event has one. */
function sessionNumbers(events: readonly CheckedEvent[], users: Int32Array): Int32Array | undefined {
  if (!givenForAll(events, "session")) return undefined;
  const begins = new Map<string, { readonly user: number; time: number; readonly event: number }>();
  const keys = events.map(({ session }, event) => `${users[event]}/${session}`);
  for (const [event, { time }] of events.entries()) {
    const own = begins.get(keys[event]!);
    if (own === undefined) begins.set(keys[event]!, { user: users[event]!, time, event });
    else own.time = Math.min(own.time, time);
  }
  const order = [...begins].sort(([, a], [, b]) => a.user - b.user || a.time - b.time || a.event - b.event);
  const numberOf = new Map(order.map(([key], number) => [key, number]));
  return Int32Array.from(keys, (key) => numberOf.get(key)!);
}

function splitNumbers(
  events: readonly CheckedEvent[],
  { names, numbers }: { readonly names: readonly string[]; readonly numbers: Int32Array },
): Uint8Array | undefined {
  if (!givenForAll(events, "split")) return undefined;
  const split = new Uint8Array(names.length).fill(255);
  for (const [index, event] of events.entries()) {
    const person = numbers[index]!;
    if (split[person] !== 255 && split[person] !== event.split) {
      throw usageError({
        where: `event ${index}, split`,
        found: `${splitNames[event.split!]}, where earlier events of person ${names[person]} have ${splitNames[split[person]!]}`,
        expected: "each person in one split: a model is evaluated on people it was not trained on",
      });
    }
    split[person] = event.split!;
  }
  return split;
}

/** Whether all events have a value. @throws `USAGE` if only some have one. */
function givenForAll(events: readonly CheckedEvent[], key: "session" | "split"): boolean {
  const first = events.findIndex((event) => (event[key] === undefined) !== (events[0]![key] === undefined));
  if (first === -1) return events[0]?.[key] !== undefined;
  const without = events[first]![key] === undefined ? first : 0;
  throw usageError({ where: `event ${without}, ${key}`, found: "nothing", expected: `a ${key}, as other events have` });
}
