import { droppedFiles } from "../open/dropped-files.js";
import { openFiles } from "../open/read-files.js";
import { openPasted } from "../opened-files.js";
import { problems } from "../state.js";

/** Opens files dropped anywhere on the page, and pasted files or text. */
export function listenToDrops(setOver: (over: boolean) => void): () => void {
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
    void droppedFiles(event.dataTransfer).then(
      (list) => {
        if (list.length > 0) return openFiles(list);
        problems.value = [...problems.value, "The dropped files contain no results/*.json."];
      },
      (error: Error) => {
        problems.value = [
          ...problems.value,
          `The dropped files cannot be read (${error.message}). Drop the files of the run's results/ folder instead of the folder.`,
        ];
      },
    );
  };
  const pasted = (event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text") ?? "";
    const list = event.clipboardData?.files;
    if (list && list.length > 0) void openFiles(list);
    else if (text.trim() !== "") openPasted(text);
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
