import { expertSharesOf } from "@kshot/comparison";
import { expertsFigure } from "../../figures/experts.js";
import { present, subject } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/** What each expert of a hybrid or mixture is worth: of the page's method, otherwise of every stack. */
export function Experts() {
  const all = expertSharesOf(present.value);
  const own = all.filter(({ method }) => method.id === subject.value?.id);
  return (
    <>
      {(own.length > 0 ? own : all).map(({ method, fit, tried, experts }) => (
        <FigureFrame
          key={method.id}
          id={`experts-${method.id}`}
          title={`What each expert of ${method.title} is worth`}
          about={method.id}
          note={`${[fit, ...tried].join(". ")}. A longer bar: the stack predicts worse without this expert, when the others are fitted again. An expert of little worth may be replaceable by another, not useless.`}
          draw={(width) => expertsFigure(experts, { width })}
        />
      ))}
    </>
  );
}
