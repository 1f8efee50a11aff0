import { expect, it } from "vitest";
import { fit, textWidth } from "./text-width.js";

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
