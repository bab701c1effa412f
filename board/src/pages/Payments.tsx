import { type StatusTable, disputeStates, paymentStates, refundStates, statusWords } from "@connectql/client";

import {
  type DisputeState,
  type PaymentFilter,
  type PaymentState,
  type RefundState,
  PaymentsDocument,
  PaymentsLiveDocument,
} from "../__generated__/operations";
import { Filters, Search, Select, useFilters, useSearch } from "../parts/filters";
import { useLive, usePages, useRead } from "../parts/live";
import { Failure, Head, Loading } from "../parts/page";
import { Pager } from "../parts/pager";
import { OfMerchant, paymentColumns } from "../parts/rows";
import { Table } from "../parts/table";

const REFUNDS: RefundState[] = ["PENDING", "PARTIAL", "FULL", "FAILED"];
const DISPUTES: DisputeState[] = ["INQUIRY", "NEEDS_RESPONSE", "UNDER_REVIEW", "WON", "LOST"];

export function Payments() {
  const filters = useFilters();
  const [value, set] = filters;
  const [typed, setTyped] = useSearch(filters);
  const filter: PaymentFilter = {
    ...(value("state") === "" ? {} : { state: [value("state") as PaymentState] }),
    ...(value("refund") === "" ? {} : { refundState: [value("refund") as RefundState] }),
    ...(value("dispute") === "" ? {} : { disputeState: [value("dispute") as DisputeState] }),
    ...(value("search") === "" ? {} : { search: value("search") }),
    ...(value("merchant") === "" ? {} : { merchant: { externalId: value("merchant") } }),
  };
  const pages = usePages(filter);
  const [{ data, error, stale }, read] = useRead(PaymentsDocument, { first: 50, after: pages.after, filter });
  useLive(PaymentsLiveDocument, { filter }, read);
  const list = data?.payments;
  return (
    <>
      <Head title="Payments" note="newest first" />
      <OfMerchant value={value("merchant")} onClear={() => set({ merchant: "" })} />
      <Filters>
        <Search label="Search" value={typed} hint="External id, description, pi_… or ch_…" onType={setTyped} />
        <Select
          label="State"
          value={value("state")}
          onChoose={(state) => set({ state })}
          choices={any(Object.keys(paymentStates), paymentStates)}
        />
        <Select
          label="Refund"
          value={value("refund")}
          onChoose={(state) => set({ refund: state })}
          choices={any(REFUNDS, refundStates)}
        />
        <Select
          label="Dispute"
          value={value("dispute")}
          onChoose={(state) => set({ dispute: state })}
          choices={any(DISPUTES, disputeStates)}
        />
      </Filters>
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {list === undefined ? (
        error === undefined && <Loading />
      ) : (
        <div aria-busy={stale}>
          <Table
            caption="Payments, newest first"
            columns={paymentColumns}
            rows={list.edges.map(({ node }) => node)}
            keyOf={(row) => row.id}
            empty="No payment matches."
          />
          <Pager pages={pages} info={list.pageInfo} />
        </div>
      )}
    </>
  );
}

function any(values: string[], table: StatusTable<string>) {
  return [{ value: "", label: "Any" }, ...values.map((value) => ({ value, label: statusWords(value, table).label }))];
}
