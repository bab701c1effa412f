import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSearchParams } from "wouter-preact";

import { useLate } from "./live";

/** The filters of a page, which are the parameters of its address. "" removes a parameter. */
export function useFilters() {
  const [parameters, setParameters] = useSearchParams();
  const set = (changes: Record<string, string>) =>
    setParameters(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes)) {
          if (value === "") {
            after.delete(name);
          } else {
            after.set(name, value);
          }
        }
        return after;
      },
      { replace: true },
    );
  return [(name: string) => parameters.get(name) ?? "", set] as const;
}

/** The text in a search box. After a pause it is copied to the parameter "search", and a new parameter replaces it. */
export function useSearch([value, set]: ReturnType<typeof useFilters>) {
  const [typed, setTyped] = useState(value("search"));
  const search = useLate(typed);
  useEffect(() => {
    if (search !== value("search")) {
      set({ search });
    }
  }, [search]);
  useEffect(() => setTyped(value("search")), [value("search")]);
  return [typed, setTyped] as const;
}

export interface Choice {
  value: string;
  label: string;
  count?: string | undefined;
}

/** A row of choices. Exactly one is selected. */
export function Choices(props: {
  label: string;
  value: string;
  choices: Choice[];
  onChoose: (value: string) => void;
}) {
  return (
    <div class="choices" role="group" aria-label={props.label}>
      {props.choices.map(({ value, label, count }) => (
        <button
          key={value}
          type="button"
          aria-pressed={props.value === value}
          onClick={() => props.onChoose(value)}
        >
          {label}
          {count !== undefined && <span class="count">{count}</span>}
        </button>
      ))}
    </div>
  );
}

export function Select(props: {
  label: string;
  value: string;
  choices: Choice[];
  onChoose: (value: string) => void;
}) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <select value={props.value} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.choices.map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Search(props: { label: string; value: string; hint: string; onType: (value: string) => void }) {
  return (
    <label class="field search">
      <span>{props.label}</span>
      <input
        type="search"
        value={props.value}
        placeholder={props.hint}
        maxLength={255}
        spellcheck={false}
        autocomplete="off"
        onInput={(event) => props.onType(event.currentTarget.value)}
      />
    </label>
  );
}

export function Filters({ children }: { children: ComponentChildren }) {
  return (
    <div class="filters" role="search">
      {children}
    </div>
  );
}
