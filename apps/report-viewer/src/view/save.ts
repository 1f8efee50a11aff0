import type { Figure } from "../figures/figure.js";

/** A figure as a file of its own: the page's colours are written into it, the paper is painted. */
export function standaloneSvg(svg: string): string {
  const style = getComputedStyle(document.documentElement);
  const coloured = svg.replace(
    /var\((--[\w-]+)\)/g,
    (_, name: string) => style.getPropertyValue(name).trim() || "#000",
  );
  const [, width = "720", height = "300"] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  return coloured
    .replace(/ data-tip="[^"]*"/g, "")
    .replace(">", `><rect width="${width}" height="${height}" fill="${style.getPropertyValue("--page").trim()}"/>`);
}

export function saveSvg(name: string, { svg }: Figure): void {
  save(`${name}.svg`, new Blob([standaloneSvg(svg)], { type: "image/svg+xml" }));
}

/** A picture at twice the size, for slides and print. */
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

export function saveCsv(name: string, { table }: Figure): void {
  save(`${name}.csv`, new Blob([csvOf(table)], { type: "text/csv" }));
}

/** RFC 4180; a cell that a spreadsheet would take for a formula gets a space before it. */
export function csvOf({ head, rows }: Figure["table"]): string {
  const cell = (value: string | number) => {
    const text =
      typeof value === "string" && /^[=+@\t]/.test(value) && !/^[+-]?[\d.]+$/.test(value)
        ? ` ${value}`
        : String(value).replace("−", "-");
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
