import { useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { exampleResults } from "../open/example.js";
import { openFiles } from "../open/read-files.js";
import { busy, closeAll, files, helpOpen, openTexts, openValues, problems, sections, view } from "../state.js";
import { goTo } from "./keyboard.js";
import { chooseFiles } from "./open-dialog.js";
import { Adaptation } from "./sections/adaptation.js";
import { Answer } from "./sections/answer.js";
import { Rates } from "./sections/rates.js";
import { Runs } from "./sections/runs.js";
import { Training } from "./sections/training.js";

const titles: Readonly<Record<(typeof sections)[number], string>> = {
  answer: "Answer",
  rates: "Rates",
  training: "Training",
  adaptation: "Adaptation",
  runs: "Runs",
};

export function App() {
  const over = useSignal(false);
  // Before the first frame: whoever drops a file as soon as the page is there is heard.
  useLayoutEffect(
    () =>
      listenToDrops((value) => {
        over.value = value;
      }),
    [],
  );
  useLayoutEffect(() => {
    if (files.value.length > 0 && view.section.value !== "answer") {
      document.getElementById(`${view.section.value}-title`)?.scrollIntoView({ block: "start" });
    }
  }, []);
  const open = files.value.length > 0;
  return (
    <>
      <header class="bar">
        <button type="button" class="brand" onClick={() => scrollTo(0, 0)}>
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
        {busy.value === null ? null : <p role="status">{busy.value}</p>}
        {problems.value.map((problem) => (
          <p class="problem" role="alert">
            {problem}
          </p>
        ))}
        {helpOpen.value ? <Help /> : null}
        {open ? (
          <>
            <h1 class="unseen">kshot report</h1>
            <Answer />
            <Rates />
            <Training />
            <Adaptation />
            <Runs />
          </>
        ) : (
          <Empty />
        )}
      </main>
      <footer>Nothing leaves this page: it asks for nothing and sends nothing.</footer>
    </>
  );
}

function Empty() {
  return (
    <section class="empty">
      <h1>See what was learned</h1>
      <p>
        Drop results files of kshot anywhere on this page: <code>results/*.json</code> of a run's folder. One file tells
        of one method; several become a comparison.
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
        one with the results inside. The example is made up.
      </p>
    </section>
  );
}

function Help() {
  return (
    <section class="help" aria-label="Help">
      <dl>
        <dt>o</dt>
        <dd>open files</dd>
        <dt>1 to 5</dt>
        <dd>go to a section</dd>
        <dt>t</dt>
        <dd>dark or light</dd>
        <dt>?</dt>
        <dd>this list; Escape closes it</dd>
      </dl>
      <p>
        Hover over a figure for its numbers; “Table” shows them all. The address holds the view: copy it to come back to
        it with the same files. Print makes a PDF.
      </p>
    </section>
  );
}

function listenToDrops(setOver: (over: boolean) => void): () => void {
  const dragged = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const left = (event: DragEvent) => {
    if (event.relatedTarget === null) setOver(false);
  };
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void openFiles(event.dataTransfer?.files ?? []);
  };
  const pasted = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text") ?? "";
    const list = event.clipboardData?.files;
    if (list && list.length > 0) void openFiles(list);
    else if (text.trim() !== "") openTexts([{ name: "pasted text", text }]);
  };
  document.addEventListener("dragover", dragged);
  document.addEventListener("dragleave", left);
  document.addEventListener("drop", dropped);
  document.addEventListener("paste", pasted);
  return () => {
    document.removeEventListener("dragover", dragged);
    document.removeEventListener("dragleave", left);
    document.removeEventListener("drop", dropped);
    document.removeEventListener("paste", pasted);
  };
}
