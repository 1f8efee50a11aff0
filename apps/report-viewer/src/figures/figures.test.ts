import { describe, expect, it } from "vitest";
import { exampleFigures } from "./examples.js";
import { escapeMarkup, svg } from "./svg.js";
import { fit } from "./text-width.js";

describe.each(Object.entries(exampleFigures))("%s", (name, draw) => {
  it.each([720, 366])("at %d pixels, as text", async (width) => {
    const { svg: text, table } = draw(width);
    await expect(text.replaceAll("><", ">\n<")).toMatchFileSnapshot(`../../test/snapshots/${name}-${width}.svg`);
    expect(table.rows.length).toBeGreaterThan(0);
    expect(table.rows.every((row) => row.length === table.head.length)).toBe(true);
  });

  it("contains no NaN and stays within its width", () => {
    const { svg: text } = draw(720);
    expect(text).not.toMatch(/NaN|Infinity|undefined/);
    for (const [, value] of text.matchAll(/\b(?:x|x1|x2|cx)="(-?[\d.]+)"/g)) {
      expect(Number(value)).toBeGreaterThanOrEqual(-1);
      expect(Number(value)).toBeLessThanOrEqual(721);
    }
  });
});

it("escapes all text", () => {
  const name = `</script><img src=x onerror="alert('1')">&`;
  const text = svg`<text title="${name}">${name}</text>${[svg`<b/>`, "<b/>"]}`.text;
  expect(text).not.toContain("<img");
  expect(text).not.toContain("</script>");
  expect(text).toContain(escapeMarkup(name));
  expect(text).toContain("<b/>&lt;b/&gt;");
  expect(fit("a long name of a course", 60)).toBe("a long n…");
});
