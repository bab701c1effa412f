import { type PayoutFilter, PayoutsDocument, PayoutsLiveDocument } from "../__generated__/operations";
import { Choices, useFilters } from "../parts/filters";
import { useLive, usePages, useRead } from "../parts/live";
import { Failure, Head, Loading } from "../parts/page";
import { Pager } from "../parts/pager";
import { OfMerchant, payoutColumns } from "../parts/rows";
import { Table } from "../parts/table";

const SHOWN = { "": "Failed", IN_TRANSIT: "On the way", ALL: "All" } as const;

export function Payouts() {
  const [value, set] = useFilters();
  const show = value("show") as keyof typeof SHOWN;
  const filter: PayoutFilter = {
    ...(show === "ALL" ? {} : { status: show === "" ? ["FAILED"] : ["PENDING", "IN_TRANSIT"] }),
    ...(value("merchant") === "" ? {} : { merchant: { externalId: value("merchant") } }),
  };
  const pages = usePages(filter);
  const [{ data, error }, read] = useRead(PayoutsDocument, { first: 50, after: pages.after, filter });
  useLive(PayoutsLiveDocument, { filter }, read);
  const list = data?.payouts;
  return (
    <>
      <Head title="Payouts" note="newest first" />
      <OfMerchant value={value("merchant")} onClear={() => set({ merchant: "" })} />
      <Choices
        label="Payouts"
        value={show}
        onChoose={(chosen) => set({ show: chosen })}
        choices={Object.entries(SHOWN).map(([key, label]) => ({ value: key, label }))}
      />
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {list === undefined ? (
        error === undefined && <Loading />
      ) : (
        <>
          <Table
            caption="Payouts, newest first"
            columns={payoutColumns}
            rows={list.edges.map(({ node }) => node)}
            keyOf={(row) => row.id}
            empty={show === "" ? "No payout has failed." : "No payouts."}
          />
          <Pager pages={pages} info={list.pageInfo} />
        </>
      )}
    </>
  );
}
