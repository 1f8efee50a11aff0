import type { Figure } from "../figures/figure.js";
import { csvOf } from "../paper/text-tables.js";

/** Saves a figure as a standalone SVG file. */
export function saveSvg(name: string, svg: string): void {
  saveText(`${name}.svg`, svg, "image/svg+xml");
}

/** Saves a PNG with at least 300 dots per inch at a paper's width, and at twice the size on the screen. */
export async function savePng(name: string, svg: string): Promise<void> {
  save(`${name}.png`, await pngOf(svg));
}

async function pngOf(svg: string): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  const scale = /width="[\d.]+in"/.test(svg) ? 3.2 : 2;
  canvas.width = Math.round(scale * image.width);
  canvas.height = Math.round(scale * image.height);
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("the picture could not be made"))), "image/png");
  });
}

/** Saves a figure's numbers, unrounded. */
export function saveCsv(name: string, { csv }: Figure): void {
  saveText(`${name}.csv`, csvOf(csv), "text/csv");
}

/** Saves a text. */
export function saveText(name: string, text: string, type = "text/plain"): void {
  save(name, new Blob([text], { type }));
}

function save(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name.replace(/[^\w.-]+/g, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
