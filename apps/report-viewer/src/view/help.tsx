import { useLayoutEffect, useRef } from "preact/hooks";
import { helpOpen, view } from "../state.js";

/** Keys and use of the page, as a dialogue. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const own = dialog.current;
    own?.showModal();
    // Closing before removal returns the focus.
    return () => own?.close();
  }, []);
  const close = () => {
    helpOpen.value = false;
  };
  return (
    <dialog class="help" aria-label="Help" ref={dialog} onClose={close}>
      <dl>
        <dt>o</dt>
        <dd>open files</dd>
        <dt>1 to 7</dt>
        <dd>go to a section</dd>
        <dt>t</dt>
        <dd>dark or light</dd>
        <dt>← →</dt>
        <dd>in a figure: go to the next number</dd>
        <dt>?</dt>
        <dd>this list; Escape closes it</dd>
      </dl>
      <p>
        Hover over a figure or tap it to see its numbers; “Table” shows all numbers. Words with dots below them have an
        explanation. The page's address contains the view: the copied address opens the same view with the same files.
        “Print” of the browser makes a PDF.
      </p>
      <p>
        <label>
          <input
            type="checkbox"
            checked={view.keys.value === ""}
            onChange={(event) => {
              view.keys.value = event.currentTarget.checked ? "" : "off";
            }}
          />{" "}
          single keys are shortcuts
        </label>
      </p>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
