import { expect, it } from "vitest";
import { fit, inTwoLines, textWidth } from "./text-width.js";

it("is about 7.2 pixels a letter at 12 pixels, and grows with the letters' own widths", () => {
  expect(textWidth("embedding.weight") / "embedding.weight".length).toBeGreaterThan(6.5);
  expect(textWidth("WWWW")).toBeGreaterThan(2 * textWidth("iiii"));
  expect(textWidth("abc", 24)).toBeCloseTo(2 * textWidth("abc", 12), 10);
});

it.each(["weight_hh_l0, n (candidate)", "MMMMMMMMMMMM", "illicit illicit", "Grundlagen"])(
  "cuts %s to its width",
  (text) => {
    for (const width of [40, 70, 110, 400]) {
      const cut = fit(text, width);
      expect(textWidth(cut)).toBeLessThanOrEqual(Math.max(width, textWidth(`${text.slice(0, 2)}…`)));
      if (textWidth(text) <= width) expect(cut).toBe(text);
      else expect(cut).toMatch(/…$/);
    }
  },
);

it.each([
  ["Meta-SGD", 150, ["Meta-SGD"]],
  ["Meta-SGD (inner steps 5, rate 0.1)", 150, ["Meta-SGD (inner steps", "5, rate 0.1)"]],
  ["Donaudampfschifffahrt", 60, [fit("Donaudampfschifffahrt", 60)]],
])("writes %s in at most two lines of %d pixels", (text, width, lines) => {
  expect(inTwoLines(text, width)).toEqual(lines);
  for (const line of inTwoLines(text, width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
});
