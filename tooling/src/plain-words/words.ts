/** Words that comments, messages and pages do not use, each with the usual words instead. Matched as whole words, in any case. */
export const replacedWords: Readonly<Record<string, string>> = {
  beside: "next to, together with, in addition to",
  whatever: "any, every, for all",
  whoever: "anyone who",
  whichever: "the one that",
  wherever: "everywhere that, if",
  hence: "therefore",
  thereby: "so",
  upon: "on",
  lest: "so that … not",
  anew: "again",
  alike: "the same",
  stands: "is",
  stood: "was",
  "at hand": "available",
  handed: "passed, given",
  "hands over": "passes",
  "hands out": "returns",
  "earn(s|ed)?": "gain",
  "brings?": "adds, has",
  brought: "added, imported",
  "of (its|their|his) own": "separate",
  dwell: "be",
  lies: "is",
  "rooms?": "folder, memory, space",
  "but for": "except for",
  "(?<!there )(is|are) none": "is not one",
  "told of": "reported",
  "go(es)? on": "continues, resumes",
  "going on": "continuing",
  "gone on": "continued",
  "(is|are) what": "name the thing itself",
  "so (is|are|does|do)": "the same holds for",
  mended: "repaired",
  luckiest: "highest by chance",
  "the notebook": "docs/notebook.md, the preset notebook, the default",
  "(kept|keeps?) aside": "held out",
  "told apart": "distinguished",
  "(?<!there )(is|are) no(?! (longer|more|fewer|less))": "is not a",
  "(puts?|put) back": "restored",
  nobody: "no person",
  everybody: "all people",
  "at work": "running, in training",
  "runs? away": "diverges",
  "in spite of": "although",
  "(is|are) worth": "has the value, gains",
  "is gone": "has ended, is missing",
  openings: "evaluations of the test people",
};

/** Terms that contain one of these words and are allowed. */
export const allowedTerms: readonly string[] = [
  "stands for",
  "the preset notebook",
  "the mask notebook",
  "mask `notebook`",
  "as the notebook expected",
  "openings.json",
  "`nobody`",
  "4194300 nobody",
  "kshot.openings",
];

/** Files that contain replaced words as data: the list itself and its test. */
export const exempt: readonly string[] = ["tooling/src/plain-words/"];

/** The page about the original notebook. "the notebook" is allowed there only. */
export const notebookPage = "docs/notebook.md";
