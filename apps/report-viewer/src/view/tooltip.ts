/** Shows what `data-tip` of the element under the pointer says, in one box for the whole page. */
export function followPointer(): void {
  const box = document.createElement("div");
  box.className = "tip";
  box.setAttribute("role", "status");
  box.hidden = true;
  document.body.append(box);
  document.addEventListener("pointermove", (event) => {
    const target = (event.target as Element | null)?.closest?.("[data-tip]");
    const text = target?.getAttribute("data-tip");
    if (!text) {
      box.hidden = true;
      return;
    }
    // Text, never markup: names come from files.
    if (box.textContent !== text) box.textContent = text;
    box.hidden = false;
    const { innerWidth, innerHeight } = window;
    const { width, height } = box.getBoundingClientRect();
    box.style.left = `${Math.max(4, Math.min(event.clientX + 14, innerWidth - width - 8))}px`;
    box.style.top = `${event.clientY + 18 + height > innerHeight ? event.clientY - height - 12 : event.clientY + 18}px`;
  });
  document.addEventListener("pointerleave", () => {
    box.hidden = true;
  });
}
