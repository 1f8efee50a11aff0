import { expect, it } from "vitest";
import { formsInWords, formsOfTime } from "./time-forms.js";

it.each([
  ["13/09/2020 12:26:40", ["%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S"]],
  ["2020/09/13 1:26 pm", ["%Y/%m/%d %I:%M %p"]],
  ["13 Sep 2020 12:26:40.5", ["%d %b %Y %H:%M:%S.%g"]],
  ["20200913T122640Z", ["%Y%m%dT%H%M%SZ"]],
  ["Sun Sep 13 12:26:40 +0000 2020", ["%a %b %d %H:%M:%S %z %Y"]],
  ["13/Sep/2020:12:26:40 +0200", ["%d/%b/%Y:%H:%M:%S %z"]],
  ["13.9.20", ["%d.%m.%y", "%m.%d.%y", "%y.%m.%d"]],
  // The name of a zone is not a form: its meaning would be lost.
  ["13 Sep 2020 12:26 EST", []],
  ["13 Sep 2020 12:26 Europe/Berlin", []],
  ["yesterday", []],
  ["", []],
])("the forms of %j", (text, forms) => expect(formsOfTime(text)).toEqual(forms));

it("says which part comes first, where only day and month can change places", () => {
  expect(formsInWords(["%d/%m/%Y", "%m/%d/%Y"])).toBe("'%d/%m/%Y' (day first) or '%m/%d/%Y' (month first)");
  expect(formsInWords(["%d/%m/%y", "%y/%m/%d"])).toBe("'%d/%m/%y' or '%y/%m/%d', in the order of its parts");
});
