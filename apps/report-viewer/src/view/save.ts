import type { Figure, Table } from "../figures/figure.js";

/** A figure as a standalone SVG file, with light colours written out and a background. */
export function standaloneSvg(svg: string): string {
  const paper = document.body.appendChild(Object.assign(document.createElement("div"), { className: "paper" }));
  const text = paintedAs(svg, getComputedStyle(paper));
  paper.remove();
  return text;
}

function paintedAs(svg: string, style: CSSStyleDeclaration): string {
  const coloured = svg.replace(
    /var\((--[\w-]+)\)/g,
    (_, name: string) => style.getPropertyValue(name).trim() || "#000",
  );
  const [, width = "720", height = "300"] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return (
    coloured
      // Hover areas and tips are left out.
      .replace(/<g class="column".*?<\/g>|<rect class="strip"[^>]*\/>/gs, "")
      .replace(/ data-(tip|about)="[^"]*"/g, "")
      .replace(">", `><rect width="${width}" height="${height}" fill="${style.getPropertyValue("--page").trim()}"/>`)
  );
}

export function saveSvg(name: string, { svg }: Figure): void {
  save(`${name}.svg`, new Blob([standaloneSvg(svg)], { type: "image/svg+xml" }));
}

/** A PNG at twice the size, for slides and print. */
export async function savePng(name: string, { svg }: Figure): Promise<void> {
  save(`${name}.png`, await pngOf(svg));
}

export async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standaloneSvg(svg))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * image.width;
  canvas.height = 2 * image.height;
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("the picture could not be made"))), "image/png");
  });
}

export function saveCsv(name: string, { csv }: Figure): void {
  save(`${name}.csv`, new Blob([csvOf(csv)], { type: "text/csv" }));
}

/** CSV as in RFC 4180. Text that a spreadsheet would read as a formula gets a leading blank. */
export function csvOf({ head, rows }: Table): string {
  const cell = (value: string | number) => {
    const plain = String(value).replaceAll("−", "-");
    const text =
      typeof value === "string" && /^[=+\-@\t]/.test(plain) && !/^[+-]?[\d.]+(e[+-]?\d+)?$/.test(plain)
        ? ` ${plain}`
        : plain;
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[^\w.-]+/g, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
