import { inSlice } from "@kshot/comparison";
import { batch, effect, signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useContext, useLayoutEffect, useRef } from "preact/hooks";
import { sections, view } from "../state.js";
import { Collecting } from "./collecting.js";
import { scrollToRestore } from "./renew.js";
import { isSpent, leave, presentTurn, type Waiting, wait } from "./turns.js";

/**
 * A part of the page that takes long to compute. It is computed in short turns, so that the page never stops. While it is computed
 * after a change of the view, the old part stays, dimmed. A further change ends the computation of the old view.
 *
 * @param of - reads signals, uses no hooks; it is called again in each turn and finds what it has computed.
 */
export function InSlices({ of }: { readonly of: () => ComponentChildren }) {
  const collect = useContext(Collecting);
  if (collect === null) return <Sliced of={of} />;
  return <>{of()}</>;
}

function Sliced({ of }: { readonly of: () => ComponentChildren }) {
  const holder = useRef<HTMLDivElement>(null);
  const busy = useSignal(true);
  const shown = useSignal<{ readonly part: ComponentChildren } | null>(null);
  useLayoutEffect(() => {
    const turn = signal(0);
    const part: Waiting = {
      go: () => {
        turn.value++;
      },
      place: () => holder.current?.firstElementChild ?? null,
    };
    // A link to a section below, and a page that renews itself, need the heights of all parts at once.
    let whole = view.section.peek() !== sections[0] || scrollToRestore.peek() > 0;
    const stop = effect(() => {
      turn.value;
      const slice = presentTurn();
      const found = whole ? { value: of() } : isSpent(slice) ? null : inSlice(slice, of);
      whole = false;
      if (found === null) {
        busy.value = true;
        wait(part);
        return;
      }
      leave(part);
      slice.steps++;
      batch(() => {
        busy.value = false;
        shown.value = { part: found.value };
      });
    });
    return () => {
      stop();
      leave(part);
    };
  }, [of]);
  return (
    <div class="part" ref={holder} aria-busy={busy.value}>
      {shown.value === null ? <p class="computing">Computing…</p> : shown.value.part}
    </div>
  );
}
