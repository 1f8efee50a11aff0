let box: HTMLElement | null = null;
let current: Element | null = null;

/**
 * Shows the `data-tip` of the element under the pointer, under a tap or with the focus, in one box for the whole page. The box is hidden
 * on scrolling, at a key press, and when its figure is redrawn.
 */
export function followPointer(): void {
  const tipped = (event: Event) => (event.target as Element | null)?.closest?.("[data-tip]") ?? null;
  const pointed = (event: PointerEvent) => {
    const target = tipped(event);
    if (target) showTip(target, { x: event.clientX, y: event.clientY });
    else hideTip();
  };
  document.addEventListener("pointermove", pointed);
  document.addEventListener("pointerdown", pointed);
  document.addEventListener("pointerleave", (event) => {
    // A lifted finger also fires pointerleave; the tapped tip stays.
    if (event.pointerType !== "touch") hideTip();
  });
  document.addEventListener("focusin", (event) => {
    const target = tipped(event);
    if (target && (event.target as Element).matches(":focus-visible")) showTip(target);
  });
  document.addEventListener("focusout", hideTip);
  document.addEventListener("keydown", hideTip, { capture: true });
  addEventListener("scroll", hideTip, { capture: true, passive: true });
  addEventListener("resize", hideTip);
  new MutationObserver(() => {
    if (current && (!current.isConnected || tipOf(current) !== box?.textContent)) hideTip();
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-tip"] });
}

/** Shows an element's tip next to a point of the window, or below the element. */
export function showTip(target: Element, at?: { readonly x: number; readonly y: number }): void {
  const text = tipOf(target);
  if (text === "") {
    hideTip();
    return;
  }
  if (target !== current) {
    current?.classList.remove("shown");
    current = target;
    current.classList.add("shown");
  }
  box ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "tip", role: "status" }));
  // Set as text: names come from files.
  if (box.textContent !== text) box.textContent = text;
  box.hidden = false;
  const own = target.getBoundingClientRect();
  const { x, y } = at ?? { x: own.left + own.width / 2, y: Math.min(own.bottom, innerHeight - 40) - 10 };
  const { width, height } = box.getBoundingClientRect();
  box.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - width - 8))}px`;
  box.style.top = `${y + 18 + height > innerHeight ? Math.max(4, y - height - 12) : y + 18}px`;
}

/** An element's tip, below the text that its row shares (`data-about`). */
function tipOf(target: Element): string {
  const about = target.closest("[data-about]")?.getAttribute("data-about");
  return [about, target.getAttribute("data-tip")].filter(Boolean).join("\n");
}

export function hideTip(): void {
  current?.classList.remove("shown");
  current = null;
  if (box) box.hidden = true;
}
