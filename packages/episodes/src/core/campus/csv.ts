import type { Campus } from "./campus.js";
import { campusPeople } from "./people.js";

/** Approximate number of bytes of text per chunk. */
const chunkSize = 1 << 18;

/** The events of all people as CSV text with the columns `user,item,time` (epoch seconds), in chunks. */
export function* campusCsv(campus: Campus): Generator<string> {
  let text = "user,item,time\n";
  for (const { name, sessions } of campusPeople(campus)) {
    for (const { courses, times } of sessions) {
      for (let i = 0; i < courses.length; i++) text += `${name},${campus.courses[courses[i]!]!.id},${times[i]}\n`;
    }
    if (text.length >= chunkSize) {
      yield text;
      text = "";
    }
  }
  if (text !== "") yield text;
}

/** Title of every course, by item id. */
export function campusTitles(campus: Campus): Map<string, string> {
  return new Map(campus.courses.map(({ id, title }) => [id, title]));
}
