import type { EventRowFragment } from "../__generated__/operations";
import { ReplayEventDocument } from "../__generated__/operations";
import { usePlatform } from "../platform";
import { Action, useMutate } from "./actions";
import { Id, Pill } from "./page";
import { MerchantLink } from "./rows";
import { type Column, Table } from "./table";
import { Time } from "./time";
import { count, eventTones, things, words } from "./words";

/** Return a function that queues events again and returns a sentence about it. */
export function useReplay(read?: () => void) {
  const platform = usePlatform();
  const mutate = useMutate();
  return async (events: EventRowFragment[]): Promise<string> => {
    for (const { id } of events) {
      await mutate(ReplayEventDocument, { event: id });
    }
    read?.();
    platform.read();
    return `${things(events.length, "event")} queued again.`;
  };
}

/** Stripe's events, each with a button that processes it again. */
export function EventTable(props: {
  caption: string;
  events: EventRowFragment[];
  read: () => void;
  empty: string;
  /** True on a merchant's page, which needs no column for the merchant. */
  isOfMerchant?: boolean;
}) {
  const replay = useReplay(props.read);
  const columns: Column<EventRowFragment>[] = [
    {
      title: "Event",
      cell: (row) => (
        <>
          <span class="subject">{row.type}</span>
          <span class="sub">
            <Id>{row.stripeEventId}</Id>
          </span>
        </>
      ),
    },
    {
      title: "State",
      cell: (row) => (
        <>
          <Pill tone={eventTones[row.state]}>{words(row.state)}</Pill>
          {row.lastError !== null && <span class="sub">{row.lastError}</span>}
        </>
      ),
    },
    {
      title: "Merchant",
      cell: (row) => (row.merchant === null ? <span class="none">–</span> : <MerchantLink merchant={row.merchant} />),
      minor: true,
    },
    { title: "Attempts", cell: (row) => count(row.attempts), numeric: true, minor: true },
    { title: "Received", cell: (row) => <Time at={row.receivedAt} />, minor: true },
    { title: "Handled", cell: (row) => <Time at={row.handledAt} />, minor: true },
    {
      title: "Action",
      cell: (row) => (
        <Action run={() => replay([row])} label={`Replay ${row.stripeEventId}`}>
          Replay
        </Action>
      ),
    },
  ];
  return (
    <Table
      caption={props.caption}
      columns={columns.filter(({ title }) => !(props.isOfMerchant === true && ["Merchant", "Handled"].includes(title)))}
      rows={props.events}
      keyOf={(row) => row.id}
      empty={props.empty}
    />
  );
}
