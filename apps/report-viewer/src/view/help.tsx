import { useLayoutEffect, useRef } from "preact/hooks";
import { helpOpen, view } from "../state.js";

/** Keys and use of the page, as a dialogue. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const own = dialog.current!;
    own.showModal();
    // Closing before removal returns the focus.
    return () => own.close();
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
        <dd>in a figure: from number to number</dd>
        <dt>?</dt>
        <dd>this list; Escape closes it</dd>
      </dl>
      <p>
        Hover over a figure or tap it for its numbers; “Table” shows them all. Dotted words have an explanation. The
        address holds the view: copy it to come back to it with the same files. Print makes a PDF.
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
