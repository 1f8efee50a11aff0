/**
 * Pairs of events, counted by a simple program with lists, loops and text that shares no code with the packages. It checks what
 * `prepare` reads from files of every kind.
 */

/** One event: person, item, time (epoch seconds, with their fraction). */
export interface PlainEvent {
  readonly user: string;
  readonly item: string;
  readonly time: number;
}

/** Labels of the pairs of each person who has one, by name: `item@seconds`, in order. */
export function countPairs(
  events: readonly PlainEvent[],
  { gap, ties = "drop" }: { gap: number; ties?: "drop" | "keep" },
): Record<string, string[]> {
  const people: Record<string, PlainEvent[]> = {};
  for (const event of events) {
    const own = people[event.user] ?? [];
    own.push(event);
    people[event.user] = own;
  }
  const pairs: Record<string, string[]> = {};
  for (const name of Object.keys(people)) {
    // JavaScript sorts stably: events of one time keep their order.
    const own = [...(people[name] ?? [])].sort((a, b) => a.time - b.time);
    const sessions: PlainEvent[][] = [];
    for (let i = 0; i < own.length; i++) {
      const event = own[i] as PlainEvent;
      const before = own[i - 1];
      if (before === undefined || event.time - before.time > gap) sessions.push([]);
      const session = sessions[sessions.length - 1] as PlainEvent[];
      const last = session[session.length - 1];
      if (last === undefined || last.item !== event.item) session.push(event);
    }
    const labels: string[] = [];
    for (const session of sessions) {
      for (let i = 1; i < session.length; i++) {
        const [before, label] = [session[i - 1] as PlainEvent, session[i] as PlainEvent];
        if (label.time > before.time || ties === "keep") labels.push(`${label.item}@${label.time.toFixed(3)}`);
      }
    }
    if (labels.length > 0) pairs[name] = labels;
  }
  return pairs;
}
