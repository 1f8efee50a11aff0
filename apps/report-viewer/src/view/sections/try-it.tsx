import { whole } from "@kshot/comparison";
import type { RankedItem } from "@kshot/recommend";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { model, type OpenedModelFile, openWaiting, waiting } from "../../open/model.js";
import { problems } from "../../state.js";
import { chooseFiles } from "../open-dialog.js";
import { movedText, TopList } from "../top-list.js";

/** The reader clicks items, and the page computes the new ranking with the model. */
export function TryIt() {
  const holder = model.value;
  useEffect(() => {
    if (waiting.value !== null) {
      void openWaiting().then((problem) => {
        if (problem !== null) problems.value = [...problems.value, problem];
      });
    }
  }, [waiting.value]);
  return (
    <section class="section" aria-labelledby="try-title">
      <h2 id="try-title" tabIndex={-1}>
        Try it
      </h2>
      {holder === null ? (
        <p class="note">
          No model is in this page. Drop a model's .safetensors file here, or{" "}
          <button type="button" onClick={chooseFiles}>
            open one…
          </button>{" "}
          (a run has it under models/); kshot report RUN --model RUN --out FILE puts it into a page.
        </p>
      ) : (
        <Ranking key={holder.name} {...holder} />
      )}
    </section>
  );
}

/** Largest number of items offered to a search. */
const mostOffered = 8;

function Ranking({ name, recommender }: OpenedModelFile) {
  const { items, titles, k, adapts } = recommender;
  const clicks = useSignal<readonly number[]>([]);
  const typed = useSignal("");
  const newOnly = useSignal(false);
  const found = useSignal<{ readonly items: readonly RankedItem[]; readonly pairs: number } | null>(null);
  const before = useSignal<readonly string[]>([]);
  const title = (item: number) => titles?.[item] ?? items[item] ?? "";
  useEffect(() => {
    let left = false;
    const history = clicks.value.map((item) => items[item] ?? "");
    void recommender
      .recommend(history, { top: 5, newOnly: newOnly.value })
      .then(({ items: best, adapted }) => {
        if (left) return;
        before.value = found.value?.items.map(({ item }) => item) ?? [];
        found.value = { items: best, pairs: adapted.pairs };
      })
      .catch((error: Error) => {
        problems.value = [...problems.value, `${name}: ${error.message}`];
      });
    return () => {
      left = true;
    };
  }, [clicks.value, newOnly.value, recommender]);
  const click = (item: number) => {
    clicks.value = [...clicks.value, item];
  };
  const offered = matches(title, items.length, typed.value);
  const numbers = new Map(items.map((item, i) => [item, i]));
  const pairs = found.value?.pairs ?? 0;
  return (
    <>
      <p class="note">
        <bdi>{name}</bdi>: {whole(items.length)} items, K = {k}. Click items as a person would; the ranking is computed
        here, in this page, {adapts ? "with inner steps on the pairs of the clicks" : "without inner steps"}.
      </p>
      <div class="clicks">
        <div>
          <label class="choice">
            <span>Search an item</span>
            <input
              type="search"
              autocomplete="off"
              value={typed.value}
              onInput={(event) => {
                typed.value = event.currentTarget.value;
              }}
            />
          </label>
          <ul class="offered" aria-label="Items to click">
            {offered.map((item) => (
              <li>
                <button type="button" onClick={() => click(item)}>
                  <bdi>{title(item)}</bdi>
                </button>
              </li>
            ))}
          </ul>
          <p class="who">Clicks</p>
          {clicks.value.length === 0 ? <p class="note">No clicks yet.</p> : null}
          <ol class="given" aria-label="Your clicks">
            {clicks.value.map((item, i) => (
              <li class="in">
                <bdi>{title(item)}</bdi>{" "}
                <button
                  type="button"
                  class="quiet"
                  aria-label={`Remove ${title(item)}`}
                  onClick={() => {
                    clicks.value = clicks.value.filter((_, at) => at !== i);
                  }}
                >
                  ×
                </button>
              </li>
            ))}
          </ol>
        </div>
        <div>
          <p class="who">Ranked highest for the next click</p>
          {found.value === null ? (
            <p class="note">Computing…</p>
          ) : (
            <TopList
              label="Ranked highest for your next click"
              items={found.value.items.map(({ item, title: own, probability, rank }) => {
                const was = before.value.indexOf(item);
                const moved = before.value.length === 0 ? 0 : was === -1 ? null : was - (rank - 1);
                return {
                  key: item,
                  name: own ?? item,
                  moved: `${movedText(moved)} ${(100 * probability).toFixed(probability < 0.1 ? 1 : 0)} %`.trim(),
                  mark: "",
                  choose: () => click(numbers.get(item) ?? 0),
                };
              })}
            />
          )}
          <p class="note" role="status">
            {clicks.value.length === 0
              ? "Without clicks: the ranking for an unknown person."
              : `After ${clicks.value.length} ${clicks.value.length === 1 ? "click" : "clicks"}: ${
                  pairs === 0
                    ? "no pair to adapt to yet; the model reads the clicks as history."
                    : `adapted to the last ${pairs} ${pairs === 1 ? "pair" : "pairs"}.`
                } Highest: ${found.value?.items[0]?.title ?? found.value?.items[0]?.item ?? ""}.`}
          </p>
          <p class="buttons">
            <label>
              <input
                type="checkbox"
                checked={newOnly.value}
                onChange={(event) => {
                  newOnly.value = event.currentTarget.checked;
                }}
              />{" "}
              new items only
            </label>
            <button type="button" disabled={clicks.value.length === 0} onClick={() => (clicks.value = [])}>
              Start again
            </button>
          </p>
        </div>
      </div>
    </>
  );
}

/** The first items whose title contains the text. */
function matches(title: (item: number) => string, count: number, text: string): number[] {
  const wanted = text.trim().toLowerCase();
  const found: number[] = [];
  for (let item = 0; item < count && found.length < mostOffered; item++)
    if (title(item).toLowerCase().includes(wanted)) found.push(item);
  return found;
}
