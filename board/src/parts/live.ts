import type { AnyVariables, DocumentInput } from "@urql/core";
import { useQuery, useSubscription } from "@urql/preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** A live list is read at most once in this time, in milliseconds. */
const PAUSE = 1_500;

/** Call `read` for each message of a subscription, at most once in PAUSE. */
export function useLive<Variables extends AnyVariables>(
  query: DocumentInput<unknown, Variables>,
  variables: Variables,
  read: () => void,
): void {
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(read);
  latest.current = read;
  const onMessage = useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = null;
      latest.current();
    }, PAUSE);
    return null;
  }, []);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  useSubscription<unknown, null, Variables>({ query, variables } as never, onMessage);
}

/** Call `read` at this interval while the page is visible, and when it becomes visible. */
export function useInterval(seconds: number, read: () => void): void {
  const latest = useRef(read);
  latest.current = read;
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") {
        latest.current();
      }
    };
    const timer = setInterval(look, seconds * 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [seconds]);
}

/** A query with a function that reads it again from the network. */
export function useRead<Data, Variables extends AnyVariables>(
  query: DocumentInput<Data, Variables>,
  variables: Variables,
) {
  const [result, execute] = useQuery<Data, Variables>({ query, variables } as never);
  const read = useCallback(() => execute({ requestPolicy: "network-only" }), [execute]);
  return [result, read] as const;
}

/** The pages of a list. Another key, such as another filter, begins at its first page. */
export function usePages(key: unknown) {
  const text = JSON.stringify(key);
  // The cursors of the pages before the current one.
  const [before, setBefore] = useState<{ text: string; cursors: string[] }>({ text, cursors: [] });
  const cursors = before.text === text ? before.cursors : [];
  return {
    after: cursors.at(-1) ?? null,
    number: cursors.length + 1,
    next: (cursor: string) => setBefore({ text, cursors: [...cursors, cursor] }),
    previous: () => setBefore({ text, cursors: cursors.slice(0, -1) }),
  };
}

/** A value that follows its source after a pause, for text that a person types. */
export function useLate<Value>(value: Value, milliseconds = 250): Value {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return late;
}
