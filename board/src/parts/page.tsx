import {
  type Money,
  disputeStates,
  disputeStatuses,
  formatMoney,
  paymentStates,
  payoutStatuses,
  refundStates,
  refundStatuses,
  statusWords,
} from "@connectql/client";
import type { CombinedError } from "@urql/core";
import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";

import { describe } from "../client";
import { type Tone, toneOf } from "./words";

/** The head of a page. It names the document, and new pages begin at their top. */
export function Head(props: { title: string; note?: ComponentChildren; children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${props.title} · ConnectQL`;
  }, [props.title]);
  return (
    <header class="head">
      <div>
        <h1 tabIndex={-1}>{props.title}</h1>
        {props.note !== undefined && <p class="note">{props.note}</p>}
      </div>
      {props.children !== undefined && <div class="tools">{props.children}</div>}
    </header>
  );
}

export function Section(props: {
  title: string;
  note?: ComponentChildren;
  tools?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}) {
  const id = useId();
  return (
    <section aria-labelledby={id} class={`section ${props.class ?? ""}`}>
      <header>
        <h2 id={id}>{props.title}</h2>
        {props.note !== undefined && <span class="note">{props.note}</span>}
        {props.tools !== undefined && <div class="tools">{props.tools}</div>}
      </header>
      {props.children}
    </section>
  );
}

export function Pill({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`pill ${tone}`}>{children}</span>;
}

/** `refunds` and `disputes` are the states of a payment. */
const STATUSES = {
  payment: paymentStates,
  refunds: refundStates,
  disputes: disputeStates,
  refund: refundStatuses,
  dispute: disputeStatuses,
  payout: payoutStatuses,
};

/** A status in the words that merchants read. */
export function Status({ of, status }: { of: keyof typeof STATUSES; status: string }) {
  const { label, tone } = statusWords(status, STATUSES[of]);
  return <Pill tone={toneOf(tone)}>{label}</Pill>;
}

export function Amount({ money }: { money: Money | null | undefined }) {
  return money == null ? <span class="none">–</span> : <>{formatMoney(money, "en", { currencyDisplay: "code" })}</>;
}

/** A list of names and values. */
export function Facts({ facts }: { facts: [name: string, value: ComponentChildren][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? <span class="none">–</span>}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

export function Loading() {
  return (
    <p class="loading" role="status">
      Loading …
    </p>
  );
}

export function Failure({ error, onRetry }: { error: CombinedError; onRetry?: () => void }) {
  const { message, requestId } = describe(error);
  return (
    <div class="failure" role="alert">
      <p>{message}</p>
      {requestId !== null && (
        <p class="note">
          Request <code>{requestId}</code>
        </p>
      )}
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** A text of the API. Names of GraphQL in it stand between backquotes. */
export function Prose({ children }: { children: string }) {
  return <>{children.split("`").map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>))}</>;
}

/** An id that a click selects, for copying. */
export function Id({ children }: { children: string }) {
  return <code class="id">{children}</code>;
}

/** A link to another site. */
export function Outside({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
      <span aria-hidden="true"> ↗</span>
      <span class="hidden"> (opens in a new tab)</span>
    </a>
  );
}
