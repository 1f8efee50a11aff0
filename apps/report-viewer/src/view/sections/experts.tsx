import { expertSharesOf, leftOutTitle, triedTitle } from "@kshot/comparison";
import { expertsFigure } from "../../figures/experts.js";
import { present, subject } from "../../state.js";
import { FigureFrame } from "../figure-frame.js";

/** The value of each expert of a hybrid or mixture: of the page's method, otherwise of every stack. */
export function experts() {
  const all = expertSharesOf(present.value);
  const own = all.filter(({ method }) => method.id === subject.value?.id);
  return (own.length > 0 ? own : all).map(({ method, fit, tried, leftOut, experts: values }) => (
    <div key={method.id}>
      <FigureFrame
        id={`experts-${method.id}`}
        title={`Value of each expert of ${method.title}`}
        about={method.id}
        note={`${fit}. A longer bar means a larger loss without this expert, after the other experts are fitted again. A short bar can mean that another expert gives the same information.${leftOut === "" ? "" : ` ${leftOutTitle}: ${leftOut}.`}`}
        draw={(width) => expertsFigure(values, { width })}
      />
      {tried.length > 0 && (
        <details class="note" id={`tried-${method.id}`}>
          <summary>{triedTitle}</summary>
          <ul>
            {tried.map((network) => (
              <li key={network}>{network}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  ));
}
