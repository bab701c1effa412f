import {
  type CreationState,
  type EventState,
  CreationsDocument,
  EventsDocument,
} from "../__generated__/operations";
import { EventTable } from "../parts/events";
import { Choices, useFilters } from "../parts/filters";
import { useInterval, usePages, useRead } from "../parts/live";
import { Facts, Failure, Head, Id, Loading, Pill, Section } from "../parts/page";
import { Pager } from "../parts/pager";
import { MerchantLink } from "../parts/rows";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { count, creationTones, duration, words } from "../parts/words";
import { usePlatform } from "../platform";

const EVENTS: EventState[] = ["PENDING", "FAILED", "HANDLED", "IGNORED"];
const CREATIONS: CreationState[] = ["PENDING", "REFUSED", "SUCCEEDED"];
const POLL_SECONDS = 10;

export function Pipes() {
  const { platform, read } = usePlatform();
  useInterval(POLL_SECONDS, read);
  const { webhooks, reconciliation } = platform;
  const { payments } = reconciliation;
  return (
    <>
      <Head title="Pipes" note="deliveries, workers and comparisons with Stripe" />
      <div class="columns">
        <Section title="Deliveries">
          <Facts
            facts={[
              [
                "Destination",
                <Pill tone={webhooks.destinationStatus === "ENABLED" ? "positive" : webhooks.destinationStatus === "UNKNOWN" ? "neutral" : "critical"}>
                  {words(webhooks.destinationStatus)}
                </Pill>,
              ],
              ["Checked", <Time at={webhooks.destinationCheckedAt} />],
              ["Last delivery", <Time at={webhooks.lastReceivedAt} />],
              [
                "Events waiting",
                <>
                  {count(webhooks.backlog)}
                  {webhooks.oldestWaitingSince !== null && (
                    <>
                      , the oldest <Time at={webhooks.oldestWaitingSince} />
                    </>
                  )}
                </>,
              ],
              ["Events failed", count(webhooks.failed)],
              ["Delay, median", webhooks.delays.medianMilliseconds === null ? null : duration(webhooks.delays.medianMilliseconds)],
              ["Delay, 95 %", webhooks.delays.p95Milliseconds === null ? null : duration(webhooks.delays.p95Milliseconds)],
              ["Delay, longest", webhooks.delays.longestMilliseconds === null ? null : duration(webhooks.delays.longestMilliseconds)],
              ["Handled in an hour", count(webhooks.delays.events)],
            ]}
          />
        </Section>
        <Calls />
        <Section title="Back-fill and sweep">
          <Facts
            facts={[
              ["Events read", <Time at={reconciliation.eventsCheckedAt} />],
              ["Complete until", <Time at={reconciliation.eventsKnownUntil} />],
              ["Back-filled in total", count(reconciliation.eventsBackFilled)],
              ["Sweep began", <Time at={reconciliation.lastRunAt} />],
              ["Accounts compared", count(reconciliation.checked)],
              ["Drifted, repaired", `${count(reconciliation.drifted)}, ${count(reconciliation.repaired)}`],
              ["Without an answer", count(reconciliation.failed)],
            ]}
          />
        </Section>
        <Section title="Sweep of payments">
          <Facts
            facts={[
              ["Began", <Time at={payments.lastRunAt} />],
              ["Next", <Time at={payments.nextRunAt} />],
              ["Accounts", count(payments.accounts)],
              ["Compared", count(payments.checked)],
              ["Repaired, found", `${count(payments.repaired)}, ${count(payments.found)}`],
              ["Without an answer", count(payments.failed)],
            ]}
          />
        </Section>
      </div>
      <Workers />
      <Events />
      <Creations />
    </>
  );
}

/** The calls to Stripe and their limit. */
function Calls() {
  const { stripeCalls } = usePlatform().platform;
  const { lastMinute, lastHour, lastDay, callsPerSecond } = stripeCalls;
  const used = Math.min(1, lastMinute.calls / (60 * callsPerSecond));
  return (
    <Section title="Calls to Stripe" note={`at most ${callsPerSecond} a second`}>
      <div class="budget">
        <div class="stage">
          <span>Used in the last minute</span>
          <strong>{Math.round(used * 100)} %</strong>
        </div>
        <div class="track" aria-hidden="true">
          <div class={`part ${used > 0.8 ? "high" : ""}`} style={{ width: `${used * 100}%` }} />
        </div>
      </div>
      <Facts
        facts={[
          ["Minute, hour, day", [lastMinute, lastHour, lastDay].map(({ calls }) => count(calls)).join(" · ")],
          ["Delayed in an hour", count(lastHour.delayed)],
          ["Longest wait", duration(lastHour.longestWaitMilliseconds)],
          ["Refused in an hour", count(lastHour.refused)],
          ["429 from Stripe, day", count(lastDay.throttled)],
          ["Last 429", <Time at={stripeCalls.lastThrottledAt} />],
          ["Next free turn", stripeCalls.nextCallInMilliseconds === 0 ? "now" : `in ${duration(stripeCalls.nextCallInMilliseconds)}`],
        ]}
      />
    </Section>
  );
}

function Workers() {
  const { workers } = usePlatform().platform;
  return (
    <Section title="Workers" note={`${count(workers.filter(({ isAlive }) => isAlive).length)} alive`}>
      <Table
        caption="Workers of the last day"
        columns={[
          { title: "Worker", cell: (row) => <Id>{row.name}</Id> },
          {
            title: "State",
            cell: (row) =>
              row.isAlive ? (
                <Pill tone="positive">Alive</Pill>
              ) : row.stoppedAt === null ? (
                <Pill tone="critical">Lost</Pill>
              ) : (
                <Pill tone="neutral">Stopped</Pill>
              ),
          },
          { title: "Reported", cell: (row) => <Time at={row.reportedAt} /> },
          { title: "Version", cell: (row) => row.version, minor: true },
          { title: "Started", cell: (row) => <Time at={row.startedAt} />, minor: true },
        ]}
        rows={workers}
        keyOf={(row) => row.name}
        empty="No worker has reported in the last day."
      />
    </Section>
  );
}

function Events() {
  const [value, set] = useFilters();
  const state = value("events") as EventState | "";
  const pages = usePages(state);
  const variables = { first: 20, after: pages.after, state: state === "" ? null : state };
  const [{ data, error }, read] = useRead(EventsDocument, variables);
  useInterval(POLL_SECONDS, read);
  return (
    <Section
      title="Events"
      tools={
        <Choices
          label="State of the events"
          value={state}
          onChoose={(chosen) => set({ events: chosen })}
          choices={[{ value: "", label: "All" }, ...EVENTS.map((one) => ({ value: one, label: words(one) }))]}
        />
      }
    >
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {data === undefined ? (
        error === undefined && <Loading />
      ) : (
        <>
          <EventTable
            caption="Stripe's events, newest first"
            events={data.platform.events.edges.map(({ node }) => node)}
            read={read}
            empty="No such event."
          />
          <Pager pages={pages} info={data.platform.events.pageInfo} />
        </>
      )}
    </Section>
  );
}

function Creations() {
  const [value, set] = useFilters();
  const state = value("creations") as CreationState | "";
  const pages = usePages(state);
  const variables = { first: 20, after: pages.after, state: state === "" ? null : state };
  const [{ data, error }, read] = useRead(CreationsDocument, variables);
  useInterval(POLL_SECONDS, read);
  return (
    <Section
      title="Account creations"
      tools={
        <Choices
          label="State of the creations"
          value={state}
          onChoose={(chosen) => set({ creations: chosen })}
          choices={[{ value: "", label: "All" }, ...CREATIONS.map((one) => ({ value: one, label: words(one) }))]}
        />
      }
    >
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {data === undefined ? (
        error === undefined && <Loading />
      ) : (
        <>
          <Table
            caption="Account creations, newest first"
            columns={[
              {
                title: "External id",
                cell: ({ node }) =>
                  node.merchant === null ? (
                    <span class="subject">{node.externalId}</span>
                  ) : (
                    <>
                      <MerchantLink merchant={node.merchant} />
                      <span class="sub">{node.externalId}</span>
                    </>
                  ),
              },
              {
                title: "State",
                cell: ({ node }) => <Pill tone={creationTones[node.state]}>{words(node.state)}</Pill>,
              },
              {
                title: "Stripe's reason",
                cell: ({ node }) =>
                  node.message === null ? (
                    <span class="none">–</span>
                  ) : (
                    <>
                      {node.message} <span class="remedy">{node.remedy}</span>
                    </>
                  ),
                minor: true,
              },
              {
                title: "Request",
                cell: ({ node }) => (node.requestId === null ? <span class="none">–</span> : <Id>{node.requestId}</Id>),
                minor: true,
              },
              { title: "Attempts", cell: ({ node }) => count(node.attempts), numeric: true, minor: true },
              { title: "Created", cell: ({ node }) => <Time at={node.createdAt} />, minor: true },
            ]}
            rows={data.platform.creations.edges}
            keyOf={(row) => row.cursor}
            empty="No such creation."
          />
          <Pager pages={pages} info={data.platform.creations.pageInfo} />
        </>
      )}
    </Section>
  );
}
