/** Tracks of the campus; every course belongs to one. */
export const tracks = [
  "Mathematics",
  "Programming",
  "Data Science",
  "Biology",
  "Economics",
  "History",
  "Languages",
  "Design",
] as const;

/** Titles of a track's courses in order; later rounds are numbered. */
const subjects = [
  "Foundations",
  "Methods",
  "Structures",
  "Models",
  "Practice",
  "Analysis",
  "Systems",
  "Workshop",
  "Theory",
  "Applications",
  "Seminar",
  "Project",
] as const;

/** One course: the `position`-th of its track, both from 0. */
export interface Course {
  /** Item id in events: `data-science-03`. */
  readonly id: string;
  /** `Data Science: Structures`. */
  readonly title: string;
  readonly track: number;
  readonly position: number;
}

/** The first `count` courses, assigned to the tracks in turn. */
export function courses(count: number): Course[] {
  return Array.from({ length: count }, (_, number) => {
    const track = number % tracks.length;
    const position = Math.floor(number / tracks.length);
    const round = Math.floor(position / subjects.length);
    const subject = subjects[position % subjects.length]!;
    return {
      id: `${tracks[track]!.toLowerCase().replaceAll(" ", "-")}-${String(position + 1).padStart(2, "0")}`,
      title: `${tracks[track]}: ${subject}${round === 0 ? "" : ` ${round + 1}`}`,
      track,
      position,
    };
  });
}
