import { useSignal } from "@preact/signals";
import { view } from "../state.js";

/** Largest number of names that are offered; more letters leave fewer. */
const mostOffered = 30;

/** Finds one of many people by name. */
export function PersonSearch({ people }: { people: readonly { readonly user: string }[] }) {
  const typed = useSignal(view.person.value.startsWith("=") ? view.person.value.slice(1) : "");
  const wanted = typed.value.toLowerCase();
  const offered: string[] = [];
  for (const { user } of people) {
    if (offered.length === mostOffered) break;
    if (user.toLowerCase().includes(wanted)) offered.push(user);
  }
  return (
    <label class="choice">
      <span>Search a person</span>
      <input
        type="search"
        list="people-offered"
        autocomplete="off"
        placeholder={`one of ${people.length}`}
        value={view.person.value.startsWith("=") || !people.some(({ user }) => user === typed.value) ? typed.value : ""}
        onInput={(event) => {
          const text = event.currentTarget.value;
          typed.value = text;
          if (people.some(({ user }) => user === text)) view.person.value = `=${text}`;
          else if (text === "" && view.person.value.startsWith("=")) view.person.value = "typical";
        }}
      />
      <datalist id="people-offered">
        {offered.map((user) => (
          <option value={user} />
        ))}
      </datalist>
    </label>
  );
}
