import type { FileKind } from "./file-kind.js";
import { csv, events, start } from "./samples.js";

const broken = `${csv}1,10\n`;

/** Rows that are not whole. */
export const badRowsKinds: readonly FileKind[] = [
  {
    name: "NA for nothing",
    files: { "e.csv": `${csv}NA,10,${start}\n1,NaN,${start}\n` },
    flags: "--null NA,NaN --skip-bad 2",
    events,
  },
  {
    name: "NA as a name",
    files: { "e.csv": `${csv}NA,10,${start}\n` },
    events: [...events, { user: "NA", item: "10", time: start }],
    notes: /--null NA/,
  },
  { name: "lines that break the rules", files: { "e.csv": broken }, flags: "--skip-bad 1", events },
  {
    name: "lines that break the rules, not allowed",
    files: { "e.csv": broken },
    events: null,
    says: /line 26.*--skip-bad/,
  },
  {
    name: "lines that break the rules, below blank lines and line ends in quotes",
    files: { "e.csv": `user,item,time,note\n1,10,${start},"a\nb"\n\n\n1,10\n` },
    events: null,
    says: /line 6.*--skip-bad/,
  },
  {
    name: "blanks around NA",
    files: { "e.csv": `${csv} NA ,10,${start}\n` },
    flags: "--null NA --skip-bad 1",
    events,
  },
  {
    name: "a header again in the middle",
    files: { "e.csv": csv + csv },
    events: null,
    says: /second header.*--skip-bad/,
  },
  {
    name: "a person whose name is blanks",
    files: { "e.csv": `${csv}  ,10,1600000000\n` },
    events: null,
    says: /column user, row 24: nothing.*--skip-bad/,
  },
];
