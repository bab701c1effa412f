import type { ComponentChildren } from "preact";

import {
  type DeliveryRowFragment,
  type EndpointRowFragment,
  type EventDeliveryState,
  EndpointsDocument,
  ReplayOutgoingDocument,
  TestEndpointDocument,
  UpdateEndpointDocument,
} from "../__generated__/operations";
import { Action, useMutate } from "../parts/actions";
import { Choices, useFilters } from "../parts/filters";
import { useInterval, useRead } from "../parts/live";
import { Empty, Facts, Failure, Head, Id, Loading, Pill, Section } from "../parts/page";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { type Tone, count, deliveryTones, things, words } from "../parts/words";
import { usePlatform } from "../platform";

/** Each endpoint shows this number of deliveries. */
const SHOWN = 20;
const POLL_SECONDS = 5;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const STATES: EventDeliveryState[] = ["FAILED", "PENDING", "DELIVERED"];

type Endpoint = EndpointRowFragment & { deliveries: DeliveryRowFragment[] };

export function Endpoints() {
  const [value, set] = useFilters();
  const state = value("deliveries") as EventDeliveryState | "";
  const [{ data, error }, read] = useRead(EndpointsDocument, { first: SHOWN, state: state === "" ? null : state });
  useInterval(POLL_SECONDS, read);
  const endpoints = data?.eventEndpoints;
  return (
    <>
      <Head title="Endpoints" note="events for the platform's own systems">
        <Choices
          label="State of the deliveries"
          value={state}
          onChoose={(chosen) => set({ deliveries: chosen })}
          choices={[
            { value: "", label: "All deliveries" },
            ...STATES.map((one) => ({ value: one, label: words(one) })),
          ]}
        />
      </Head>
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {endpoints === undefined ? (
        error === undefined && <Loading />
      ) : endpoints.length === 0 ? (
        <Empty>
          There is no endpoint. <code>createEventEndpoint</code> creates one and returns its signing secret.
        </Empty>
      ) : (
        endpoints.map((endpoint) => (
          <EndpointSection key={endpoint.id} endpoint={endpoint} isFiltered={state !== ""} read={read} />
        ))
      )}
    </>
  );
}

function EndpointSection(props: { endpoint: Endpoint; isFiltered: boolean; read: () => void }) {
  const { endpoint, read } = props;
  const { id, state, url, types } = endpoint;
  const platform = usePlatform();
  const mutate = useMutate();
  const failed = endpoint.deliveries.filter((one) => one.state === "FAILED");

  /** Read everything again, and return a sentence. */
  function done(sentence: string): string {
    read();
    platform.read();
    return sentence;
  }

  async function set(enabled: boolean): Promise<string> {
    await mutate(UpdateEndpointDocument, { endpoint: id, enabled });
    return done(enabled ? "The endpoint is enabled." : "The endpoint is paused. New events are not queued for it.");
  }

  /** Enable the endpoint, and deliver the events that it has missed. */
  async function catchUp(): Promise<string> {
    await mutate(UpdateEndpointDocument, { endpoint: id, enabled: true });
    // The period ends later than now, because this computer's clock may be slow. A second delivery does no harm.
    const period = { since: missedSince(endpoint), until: new Date(Date.now() + HOUR).toISOString() };
    try {
      const { replayOutgoingEvents } = await mutate(ReplayOutgoingDocument, { endpoint: id, events: { period } });
      const queued = "count" in replayOutgoingEvents ? replayOutgoingEvents.count : 0;
      return done(`The endpoint is enabled, and ${things(queued, "missed event")} queued.`);
    } catch (error) {
      read();
      // The page no longer shows the time since which events were missed.
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`The endpoint is enabled, but the events since ${period.since} are not queued. ${reason}`);
    }
  }

  async function test(): Promise<string> {
    await mutate(TestEndpointDocument, { endpoint: id });
    return done("A test is queued. It appears among the deliveries.");
  }

  async function replay(deliveries: DeliveryRowFragment[]): Promise<string> {
    const ids = deliveries.map(({ eventId }) => eventId);
    await mutate(ReplayOutgoingDocument, { endpoint: id, events: { ids } });
    return done(`${things(ids.length, "event")} queued again.`);
  }

  const failing: [string, ComponentChildren][] =
    endpoint.failingSince === null ? [] : [["All attempts fail since", <Time at={endpoint.failingSince} />]];
  return (
    <Section
      title={endpoint.description || new URL(url).host}
      tools={
        <>
          {state === "ENABLED" ? (
            <>
              <Action run={test} label={`Send a test to ${url}`}>
                Send a test
              </Action>
              <Action run={() => set(false)} label={`Pause ${url}`}>
                Pause
              </Action>
            </>
          ) : (
            <>
              <Action run={catchUp} label={`Enable ${url} and replay the missed events`} primary>
                Enable and replay
              </Action>
              <Action run={() => set(true)} label={`Enable ${url}`}>
                Enable
              </Action>
            </>
          )}
          {failed.length > 1 && (
            <Action run={() => replay(failed)} label={`Replay the failed events of ${url}`}>
              Replay {things(failed.length, "event")}
            </Action>
          )}
        </>
      }
    >
      <Facts
        facts={[
          ["Address", <Id>{url}</Id>],
          [
            "State",
            <>
              <Pill tone={toneOfEndpoint(endpoint)}>{words(state)}</Pill> since <Time at={endpoint.stateSince} />
            </>,
          ],
          ...failing,
          ["Types", types == null ? "All" : types.join(", ")],
          ["Created", <Time at={endpoint.createdAt} />],
        ]}
      />
      <Deliveries deliveries={endpoint.deliveries} isFiltered={props.isFiltered} replay={replay} />
    </Section>
  );
}

/** The time since which events may be missing: the event of the first failed attempt occurred shortly before it. */
function missedSince({ failingSince, stateSince, createdAt }: EndpointRowFragment): string {
  const since = Date.parse(failingSince ?? stateSince) - MINUTE;
  return new Date(Math.max(since, Date.parse(createdAt))).toISOString();
}

function toneOfEndpoint({ state, failingSince }: EndpointRowFragment): Tone {
  if (state === "DISABLED") {
    return "critical";
  }
  return state === "PAUSED" ? "neutral" : failingSince === null ? "positive" : "warning";
}

function Deliveries(props: {
  deliveries: DeliveryRowFragment[];
  isFiltered: boolean;
  replay: (deliveries: DeliveryRowFragment[]) => Promise<string>;
}) {
  return (
    <Table
      caption="Deliveries, newest first"
      columns={[
        {
          title: "Last attempt",
          cell: (row) => (row.attempts.length === 0 ? "none yet" : <Time at={row.attempts.at(-1)?.at} />),
        },
        {
          title: "State",
          cell: (row) => <Pill tone={deliveryTones[row.state]}>{words(row.state)}</Pill>,
        },
        { title: "Last answer", cell: (row) => <Answer delivery={row} /> },
        { title: "Attempts", cell: (row) => count(row.attempts.length), numeric: true, minor: true },
        { title: "Next attempt", cell: (row) => <Time at={row.nextAttemptAt} />, minor: true },
        { title: "Event", cell: (row) => <Id>{row.eventId}</Id>, minor: true },
        {
          title: "Action",
          cell: (row) => (
            <Action run={() => props.replay([row])} label={`Replay ${row.eventId}`}>
              Replay
            </Action>
          ),
        },
      ]}
      rows={props.deliveries}
      keyOf={(row) => row.id}
      empty={props.isFiltered ? "No such delivery." : "No delivery yet."}
    />
  );
}

/** The answer to the last attempt, or the reason why there was none. */
function Answer({ delivery }: { delivery: DeliveryRowFragment }) {
  const last = delivery.attempts.at(-1);
  if (last === undefined) {
    return <span class="none">–</span>;
  }
  return <>{last.error === null ? `Status ${last.status}` : words(last.error)}</>;
}
