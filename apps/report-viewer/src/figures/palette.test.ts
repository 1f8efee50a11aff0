import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seriesColours } from "./svg.js";

const style = readFileSync(new URL("../styles.css", import.meta.url), "utf8");
type Triple = readonly [number, number, number];

/** Every block of the style sheet with series colours: the bright one, and the dark one for each way to select it. */
const themes = [...style.matchAll(/--page: (#\w{6});[^}]*--series-7: #\w{6};/g)].map(([block, page]) => ({
  page: page!,
  colours: seriesColours.map((name) => new RegExp(`${name.slice(4, -1)}: (#\\w{6});`).exec(block)?.[1] ?? "missing"),
}));

const linear = (hex: string) =>
  [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as unknown as Triple;
const times = (matrix: readonly Triple[], [r, g, b]: Triple) =>
  matrix.map((row) => row[0] * r + row[1] * g + row[2] * b) as unknown as Triple;

const toXyz: readonly Triple[] = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
/** CIELAB under D65. */
function lab(rgb: Triple): Triple {
  const white = times(toXyz, [1, 1, 1]);
  const [x, y, z] = times(toXyz, rgb).map((value, i) => {
    const share = value / white[i]!;
    return share > 216 / 24389 ? Math.cbrt(share) : ((24389 / 27) * share + 16) / 116;
  }) as unknown as Triple;
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB. */
const visions: Readonly<Record<string, readonly Triple[]>> = {
  usual: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

it("is in the style sheet for bright pages and, twice, for dark ones", () => {
  expect(themes.map(({ page }) => page)).toEqual(["#ffffff", "#0f1419", "#0f1419"]);
});

describe.each(themes)("on $page", ({ page, colours }) => {
  it("every colour has a contrast of 3 : 1, as WCAG requires for graphics", () => {
    const light = (hex: string) => times(toXyz, linear(hex))[1];
    for (const colour of colours) {
      const [high, low] = [light(colour), light(page)].sort((a, b) => b - a) as [number, number];
      expect((high + 0.05) / (low + 0.05), colour).toBeGreaterThan(3);
    }
  });

  // A difference of 2.3 is just visible for adjacent areas; thin separate lines need several times that.
  it.each(Object.keys(visions))("every two differ by 15 in CIELAB for %s vision", (vision) => {
    const seen = colours.map((colour) => {
      const [r, g, b] = times(visions[vision]!, linear(colour)).map((part) => Math.min(1, Math.max(0, part)));
      return lab([r!, g!, b!]);
    });
    seen.forEach((a, i) => {
      for (const [j, b] of seen.entries()) {
        if (j < i) expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]), `${j + 1}, ${i + 1}`).toBeGreaterThan(15);
      }
    });
  });
});
