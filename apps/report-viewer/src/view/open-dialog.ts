import { openFiles } from "../open/read-files.js";

/** The browser's dialogue for files. */
export function chooseFiles(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.accept = ".json,application/json,.safetensors";
  input.hidden = true;
  input.addEventListener("change", () => {
    void openFiles(input.files ?? []);
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}
