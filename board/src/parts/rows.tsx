/** The columns of merchants, payments, disputes and payouts, which several pages show. */
import { disputeStatuses, statusWords } from "@connectql/client";
import { Link } from "wouter-preact";

import type {
  DisputeRowFragment,
  MerchantRowFragment,
  PaymentRowFragment,
  PayoutRowFragment,
} from "../__generated__/operations";
import { Amount, Id, Pill, Status } from "./page";
import type { Column } from "./table";
import { Deadline, Time } from "./time";
import { capital, date, party, toneOf, words } from "./words";

export function MerchantLink({ merchant }: { merchant: { externalId: string; displayName: string } }) {
  return (
    <Link href={`/merchants/${encodeURIComponent(merchant.externalId)}`} class="subject">
      {merchant.displayName}
    </Link>
  );
}

function MerchantCell({ merchant }: { merchant: MerchantRowFragment }) {
  return (
    <>
      <MerchantLink merchant={merchant} />
      <span class="sub">{merchant.externalId}</span>
    </>
  );
}

type Merchant = MerchantRowFragment;

export const merchantColumns = {
  name: {
    title: "Merchant",
    cell: (row) => <MerchantCell merchant={row} />,
    text: (row) => row.displayName,
  },
  status: {
    title: "Status",
    cell: (row) => <Pill tone={toneOf(row.statusTone)}>{row.statusTitle}</Pill>,
    text: (row) => row.statusTitle,
  },
  since: {
    title: "Since",
    cell: (row) => <Time at={row.statusSince} />,
    text: (row) => row.statusSince,
  },
  next: {
    title: "Next step",
    cell: (row) => row.nextAction.label,
    text: (row) => row.nextAction.label,
    minor: true,
  },
  by: {
    title: "By",
    cell: (row) => (row.nextAction.by === null ? <span class="none">–</span> : capital(party(row.nextAction.by))),
    text: (row) => (row.nextAction.by === null ? "" : capital(party(row.nextAction.by))),
    minor: true,
  },
  deadline: {
    title: "Deadline",
    cell: (row) => <Deadline at={row.nextAction.deadline} />,
    text: (row) => row.nextAction.deadline ?? "",
    minor: true,
  },
  country: {
    title: "Country",
    cell: (row) => row.country,
    text: (row) => row.country,
    minor: true,
  },
  updated: {
    title: "Changed",
    cell: (row) => <Time at={row.updatedAt} />,
    text: (row) => row.updatedAt,
    minor: true,
  },
} satisfies Record<string, Column<Merchant>>;

type Payment = PaymentRowFragment;

export const paymentColumns: Column<Payment>[] = [
  {
    title: "Payment",
    cell: (row) => (
      <>
        <Link href={`/payments/${encodeURIComponent(row.id)}`} class="subject">
          {row.externalId ?? row.stripePaymentIntentId ?? "No id"}
        </Link>
        <span class="sub">{row.origin === "STRIPE" ? "made at Stripe" : row.stripePaymentIntentId}</span>
      </>
    ),
  },
  { title: "Amount", cell: (row) => <Amount money={row.amount} />, numeric: true },
  {
    title: "State",
    cell: (row) => (
      <span class="pills">
        <Status of="payment" status={row.state} />
        {row.refundState !== "NONE" && <Status of="refunds" status={row.refundState} />}
        {row.disputeState !== "NONE" && <Status of="disputes" status={row.disputeState} />}
      </span>
    ),
  },
  { title: "Merchant", cell: (row) => <MerchantLink merchant={row.merchant} />, minor: true },
  {
    title: "Method",
    cell: (row) =>
      row.method === null ? (
        <span class="none">–</span>
      ) : (
        `${words(row.method.brand ?? row.method.type)}${row.method.last4 === null ? "" : ` ··${row.method.last4}`}`
      ),
    minor: true,
  },
  { title: "Fee", cell: (row) => <Amount money={row.applicationFee} />, numeric: true, minor: true },
  { title: "Created", cell: (row) => <Time at={row.createdAt} />, minor: true },
];

type Dispute = DisputeRowFragment;

export const disputeColumns: Column<Dispute>[] = [
  {
    title: "Dispute",
    cell: (row) => (
      <>
        <Link href={`/payments/${encodeURIComponent(row.payment.id)}`} class="subject">
          {row.payment.externalId ?? row.stripeDisputeId}
        </Link>
        <span class="sub">{[words(row.kind), row.reason && words(row.reason)].filter(Boolean).join(", ")}</span>
      </>
    ),
    text: (row) => row.stripeDisputeId,
  },
  {
    title: "Due",
    cell: (row) => (row.needsResponse ? <Deadline at={row.dueBy} /> : <Time at={row.dueBy} />),
    text: (row) => row.dueBy ?? "",
  },
  { title: "Amount", cell: (row) => <Amount money={row.amount} />, numeric: true },
  {
    title: "Status",
    cell: (row) => <Status of="dispute" status={row.status} />,
    text: (row) => statusWords(row.status, disputeStatuses).label,
    minor: true,
  },
  {
    title: "Merchant",
    cell: (row) => <MerchantLink merchant={row.merchant} />,
    text: (row) => row.merchant.displayName,
    minor: true,
  },
  { title: "Evidence", cell: (row) => words(row.evidence.state), minor: true },
  { title: "Next step", cell: (row) => row.nextAction.label, minor: true },
];

type Payout = PayoutRowFragment;

export const payoutColumns: Column<Payout>[] = [
  {
    title: "Payout",
    cell: (row) => (
      <>
        <MerchantLink merchant={row.merchant} />
        <span class="sub">
          <Id>{row.stripePayoutId}</Id>
        </span>
      </>
    ),
    text: (row) => row.stripePayoutId,
  },
  { title: "Amount", cell: (row) => <Amount money={row.amount} />, numeric: true },
  {
    title: "Status",
    cell: (row) => (
      <span class="pills">
        <Status of="payout" status={row.status} />
        {row.isLate && <Pill tone="warning">Late</Pill>}
      </span>
    ),
  },
  { title: "Arrival", cell: (row) => date(row.arrivalDate), minor: true },
  {
    title: "To",
    cell: (row) =>
      row.destination === null
        ? "–"
        : [row.destination.name, row.destination.last4 && `··${row.destination.last4}`].filter(Boolean).join(" "),
    minor: true,
  },
  {
    title: "Reason and remedy",
    cell: (row) =>
      row.failure === null ? (
        <span class="none">–</span>
      ) : (
        <>
          {row.failure.explanation} <span class="remedy">{row.failure.remedy}</span>
        </>
      ),
    minor: true,
  },
];

/** Tells that a list shows one merchant only. */
export function OfMerchant({ value, onClear }: { value: string; onClear: () => void }) {
  if (value === "") {
    return null;
  }
  return (
    <p class="of">
      Only of <Link href={`/merchants/${encodeURIComponent(value)}`}>{value}</Link>
      <button type="button" onClick={onClear}>
        Show all merchants
      </button>
    </p>
  );
}
