import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { exampleResults, isExample } from "../open/example.js";
import { closeAll, closeExample, openValues } from "../opened-files.js";
import { busy, files, helpOpen, methods, sections, view } from "../state.js";
import { listenToDrops } from "./drops.js";
import { arriveAt, goTo, toTop } from "./go-to-section.js";
import { Help } from "./help.js";
import { changeTheme } from "./keyboard.js";
import { chooseFiles } from "./open-dialog.js";
import { Problems } from "./problems.js";
import { RunBanner } from "./run-banner.js";
import { Adaptation } from "./sections/adaptation.js";
import { Answer } from "./sections/answer.js";
import { Clicks } from "./sections/clicks.js";
import { Rates } from "./sections/rates.js";
import { Runs } from "./sections/runs.js";
import { Training } from "./sections/training.js";
import { TryIt } from "./sections/try-it.js";

const titles: Readonly<Record<(typeof sections)[number], string>> = {
  answer: "Answer",
  clicks: "Clicks",
  try: "Try it",
  rates: "Rates",
  training: "Training",
  adaptation: "Adaptation",
  runs: "Runs",
};

export function App() {
  const over = useSignal(false);
  // Runs before the first frame, so that a file that is dropped at once is received.
  useLayoutEffect(
    () =>
      listenToDrops((value) => {
        over.value = value;
      }),
    [],
  );
  const open = files.value.length > 0;
  // The answer is painted before the sections below it are computed; a link to a section needs all of them at once.
  const below = useSignal(false);
  useLayoutEffect(() => {
    if (!open || view.section.value !== "answer") below.value = open;
    else return afterPaint(() => (below.value = true));
  }, [open]);
  // A link may name a section; files may be in the page or be opened later.
  useLayoutEffect(() => {
    if (open && below.value && view.section.value !== "answer") arriveAt(view.section.value);
  }, [open, below.value]);
  return (
    <>
      {open ? (
        <button type="button" class="skip" onClick={() => goTo("answer")}>
          Skip to the answer
        </button>
      ) : null}
      <header class="bar">
        <button type="button" class="brand" onClick={toTop}>
          kshot <span>report</span>
        </button>
        {open ? (
          <nav aria-label="Sections">
            {sections.map((section, i) => (
              <button
                type="button"
                aria-current={view.section.value === section ? "true" : undefined}
                onClick={() => goTo(section)}
                title={`Key ${i + 1}`}
              >
                {titles[section]}
              </button>
            ))}
          </nav>
        ) : null}
        <div class="actions">
          <button type="button" onClick={chooseFiles} title="Key o">
            Open…
          </button>
          {open ? (
            <button type="button" onClick={closeAll}>
              Close all
            </button>
          ) : null}
          <button type="button" aria-label="Dark or light" title="Key t" onClick={changeTheme}>
            ◐
          </button>
          <button
            type="button"
            aria-label="Help"
            aria-expanded={helpOpen.value}
            title="Key ?"
            onClick={() => (helpOpen.value = !helpOpen.value)}
          >
            ?
          </button>
        </div>
      </header>
      <main>
        {over.value ? <div class="drop-here">Drop results files anywhere</div> : null}
        {busy.value === null ? null : (
          <p class="busy" role="status">
            {busy.value}
          </p>
        )}
        {open ? (
          <>
            <h1 class="unseen">kshot report</h1>
            <PrintHead />
            <RunBanner />
            {files.value.some(isExample) ? (
              <p class="made-up">
                Made-up example: these numbers come from a formula, not from measurements.{" "}
                <button type="button" onClick={closeExample}>
                  Close it
                </button>
              </p>
            ) : null}
            <Answer />
            {below.value ? (
              <>
                <Clicks />
                <TryIt />
                <Rates />
                <Training />
                <Adaptation />
                <Runs />
              </>
            ) : null}
          </>
        ) : (
          <Empty />
        )}
      </main>
      <Problems />
      {helpOpen.value ? <Help /> : null}
      <footer>This page makes no network request: your files stay on this computer.</footer>
    </>
  );
}

/** Title, date, source and all methods: only in print. */
function PrintHead() {
  const results = files.value.map((file) => file.results);
  const newest = [...results].sort((a, b) => (a.volatile.createdAt < b.volatile.createdAt ? 1 : -1))[0];
  const prints = [...new Set(results.map(({ data }) => data.fingerprint.slice(0, 12)))];
  const commands = [...new Set(results.map(({ volatile }) => volatile.command))].filter(Boolean);
  return (
    <div class="print-only">
      <p class="title">Does adapting to a person's first clicks help?</p>
      <p>
        kshot report, {newest?.volatile.createdAt.slice(0, 10)}; data {prints.join(", ")};{" "}
        {commands.slice(0, 2).join("; ")}
        {commands.length > 2 ? ` and ${commands.length - 2} more commands` : ""}.
      </p>
      <p>Methods: {methods.value.map(({ title }) => title).join(", ")}.</p>
    </div>
  );
}

/** Calls back when a frame has been painted. A hidden page paints no frame; it calls back after a second. */
function afterPaint(then: () => void): () => void {
  let timer = setTimeout(then, 1000);
  const frame = requestAnimationFrame(() => {
    clearTimeout(timer);
    timer = setTimeout(then);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

function Empty() {
  return (
    <section class="empty">
      <h1>See what was learned</h1>
      <p>
        Drop results files of kshot anywhere on this page: <code>results/*.json</code> of a run's folder. One file shows
        one method; several files are compared.
      </p>
      <p class="buttons">
        <button type="button" class="primary" onClick={chooseFiles}>
          Open files…
        </button>
        <button type="button" onClick={() => openValues(exampleResults())}>
          Show the example
        </button>
      </p>
      <p class="note">
        Or paste a file's text here (Ctrl-V). <code>kshot report RESULT… --out report.html</code> makes a page like this
        one with the results inside. The example's numbers are not real.
      </p>
    </section>
  );
}
