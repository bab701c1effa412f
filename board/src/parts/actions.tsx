import type { AnyVariables, DocumentInput } from "@urql/core";
import { useClient } from "@urql/preact";
import { type ComponentChildren, createContext } from "preact";
import { useContext, useState } from "preact/hooks";

import { describe } from "../client";

/** Shows a sentence about the outcome of an action. */
export const Notify = createContext<(text: string, failed?: boolean) => void>(() => undefined);

/** A refusal of a mutation, or a failed request, as one sentence. */
class Refused extends Error {}

/** The fields of a refusal. Payloads have no message. */
interface Answer {
  message?: string;
  requestId?: string | null;
  remedy?: string | null;
}

/** Return a function that executes a mutation with one root field and throws an error for every refusal. */
export function useMutate() {
  const client = useClient();
  return async <Data extends object, Variables extends AnyVariables>(
    mutation: DocumentInput<Data, Variables>,
    variables: Variables,
  ): Promise<Data> => {
    const { data, error } = await client.mutation(mutation, variables).toPromise();
    if (error !== undefined) {
      const { message, requestId } = describe(error);
      throw new Refused(requestId === null ? message : `${message} Request ${requestId}.`);
    }
    const answer = Object.values(data ?? {})[0] as Answer | undefined;
    if (answer?.message !== undefined) {
      const more = [answer.remedy, answer.requestId != null ? `Stripe's request ${answer.requestId}.` : null];
      throw new Refused([answer.message, ...more.filter((part) => part != null)].join(" "));
    }
    return data as Data;
  };
}

/** A button that runs an action and shows its outcome. `run` returns the sentence for success. */
export function Action(props: {
  children: ComponentChildren;
  run: () => Promise<string>;
  primary?: boolean;
  /** A name for screen readers, if the visible text does not name the object. */
  label?: string;
}) {
  const notify = useContext(Notify);
  const [running, setRunning] = useState(false);
  async function click() {
    if (running) {
      return;
    }
    setRunning(true);
    try {
      notify(await props.run());
    } catch (error) {
      notify(error instanceof Error ? error.message : String(error), true);
    } finally {
      setRunning(false);
    }
  }
  return (
    <button
      type="button"
      class={props.primary === true ? "primary" : ""}
      aria-label={props.label}
      aria-busy={running}
      // A disabled button would lose the keyboard's focus.
      aria-disabled={running}
      onClick={() => void click()}
    >
      {props.children}
    </button>
  );
}
