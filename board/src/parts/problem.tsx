import { useClient } from "@urql/preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import {
  DismissProblemDocument,
  EnableDestinationDocument,
  EventsDocument,
  SubjectsDocument,
} from "../__generated__/operations";
import { type Problem, usePlatform } from "../platform";
import { Action, useMutate } from "./actions";
import { useReplay } from "./events";
import { useRead } from "./live";
import { Amount, Id, Pill, Prose } from "./page";
import { MerchantLink } from "./rows";
import { Time } from "./time";
import { things, words } from "./words";

/** The maximum number of events that one click replays. */
const MOST_EVENTS = 100;

/** The pages that show the objects of a problem. */
const SHOWN: Partial<Record<Problem["code"], [href: string, text: string]>> = {
  EVENTS_FAILED: ["/pipes?events=FAILED", "Show failed events"],
  EVENTS_RETRYING: ["/pipes?events=PENDING", "Show waiting events"],
  EVENTS_WAITING: ["/pipes?events=PENDING", "Show waiting events"],
  CREATIONS_REFUSED: ["/pipes?creations=REFUSED", "Show refused creations"],
  CREATIONS_STUCK: ["/pipes?creations=PENDING", "Show pending creations"],
  CREATIONS_EXPIRED: ["/pipes?creations=PENDING", "Show pending creations"],
  ACCOUNTS_DISCONNECTED: ["/merchants?status=DISCONNECTED", "Show merchants"],
  ACCOUNTS_CLOSED: ["/merchants?status=CLOSED", "Show merchants"],
  PAYOUTS_BLOCKED: ["/merchants?status=PAYOUTS_BLOCKED", "Show merchants"],
  PAYOUTS_FAILED: ["/payouts", "Show payouts"],
  PAYOUTS_LATE: ["/payouts?show=ALL", "Show payouts"],
  REVIEWS_SLOW: ["/merchants?status=PENDING_REVIEW&order=STATUS_SINCE_ASC", "Show merchants"],
  NO_WORKER: ["/pipes", "Show workers"],
  ENDPOINTS_DISABLED: ["/endpoints", "Show endpoints"],
  ENDPOINTS_FAILING: ["/endpoints", "Show endpoints"],
};

/** The problems whose objects are external ids of merchants. */
const OF_MERCHANTS = new Set<Problem["code"]>(["ACCOUNTS_CLOSED", "PAYOUTS_BLOCKED", "REVIEWS_SLOW", "SERVICES_STALE"]);

/** A problem with the buttons that end or hide it. */
export function ProblemCard({ problem }: { problem: Problem }) {
  const { read } = usePlatform();
  const mutate = useMutate();
  const replay = useReplayFailed();
  const shown = SHOWN[problem.code];
  const [isOpen, setOpen] = useState(false);

  async function dismiss(subject: string | null): Promise<string> {
    const { dismissProblem } = await mutate(DismissProblemDocument, { code: problem.code, subject });
    read();
    const dismissed = "dismissed" in dismissProblem ? dismissProblem.dismissed.length : 0;
    return `${words(problem.code)}: ${things(dismissed, "dismissal")}.`;
  }

  async function enable(): Promise<string> {
    await mutate(EnableDestinationDocument, {});
    read();
    return "The event destination is enabled. The problem ends with the next check.";
  }

  return (
    <li class={`problem ${problem.severity.toLowerCase()}`}>
      <div class="title">
        <Pill tone={problem.severity === "ERROR" ? "critical" : "warning"}>{words(problem.severity)}</Pill>
        <h3>{words(problem.code)}</h3>
        {problem.since !== null && (
          <span class="note">
            since <Time at={problem.since} />
          </span>
        )}
      </div>
      <p class="message">
        <Prose>{problem.message}</Prose>
      </p>
      {shown === undefined && (
        <p class="remedy">
          <Prose>{problem.remedy}</Prose>
        </p>
      )}
      <div class="buttons">
        {problem.code === "EVENTS_FAILED" && (
          <Action run={replay} primary>
            Replay {things(Math.min(problem.count, MOST_EVENTS), "event")}
          </Action>
        )}
        {problem.code === "DESTINATION_DISABLED" && (
          <Action run={enable} primary>
            Enable the destination
          </Action>
        )}
        {shown !== undefined && (
          <Link href={shown[0]} class="button">
            {shown[1]}
          </Link>
        )}
        <Action run={() => dismiss(null)} label={`Dismiss: ${words(problem.code)}`}>
          Dismiss
        </Action>
      </div>
      {(shown !== undefined || problem.subjects.length > 0) && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>
            Details{problem.subjects.length > 0 && ` and ${things(problem.subjects.length, "object")}`}
          </summary>
          {shown !== undefined && (
            <p class="remedy">
              <Prose>{problem.remedy}</Prose>
            </p>
          )}
          {isOpen && <Subjects problem={problem} dismiss={dismiss} />}
        </details>
      )}
    </li>
  );
}

/** The objects of a problem, by the names that people know, with links. */
function Subjects({ problem, dismiss }: { problem: Problem; dismiss: (subject: string) => Promise<string> }) {
  const { subjects, code } = problem;
  const [{ data }] = useRead(SubjectsDocument, { ids: subjects });
  const found = new Map(data?.nodes.flatMap((node) => (node === null ? [] : [[node.id, node]])));
  return (
    <ul class="subjects">
      {subjects.map((subject) => {
        const node = found.get(subject);
        return (
          <li key={subject}>
            {node !== undefined && "stripePayoutId" in node ? (
              <span>
                <Link href={`/payouts?show=ALL&merchant=${encodeURIComponent(node.merchant.externalId)}`}>
                  <Amount money={node.amount} />
                </Link>{" "}
                of <MerchantLink merchant={node.merchant} /> <Id>{node.stripePayoutId}</Id>
              </span>
            ) : node !== undefined && "stripePaymentIntentId" in node ? (
              <span>
                <Link href={`/payments/${encodeURIComponent(node.id)}`}>
                  {node.externalId ?? node.stripePaymentIntentId ?? "A payment"}
                </Link>{" "}
                of <MerchantLink merchant={node.merchant} />
              </span>
            ) : OF_MERCHANTS.has(code) ? (
              <Link href={`/merchants/${encodeURIComponent(subject)}`}>{subject}</Link>
            ) : (
              <Id>{subject}</Id>
            )}
            <Action run={() => dismiss(subject)} label={`Dismiss ${subject}`}>
              Dismiss
            </Action>
          </li>
        );
      })}
    </ul>
  );
}

/** Return an action that replays the newest failed events. */
function useReplayFailed() {
  const client = useClient();
  const replay = useReplay();
  return async () => {
    const variables = { first: MOST_EVENTS, state: "FAILED" as const };
    const { data, error } = await client
      .query(EventsDocument, variables, { requestPolicy: "network-only" })
      .toPromise();
    if (error !== undefined) {
      throw error;
    }
    return replay((data?.platform.events.edges ?? []).map(({ node }) => node));
  };
}
