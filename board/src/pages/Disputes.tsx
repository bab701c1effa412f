import { type DisputeFilter, DisputesDocument, DisputesLiveDocument } from "../__generated__/operations";
import { Choices, useFilters } from "../parts/filters";
import { useLive, usePages, useRead } from "../parts/live";
import { Failure, Head, Loading } from "../parts/page";
import { Pager } from "../parts/pager";
import { OfMerchant, disputeColumns } from "../parts/rows";
import { Table } from "../parts/table";

export function Disputes() {
  const [value, set] = useFilters();
  const all = value("show") === "ALL";
  const filter: DisputeFilter = {
    ...(all ? {} : { needsResponse: true }),
    ...(value("merchant") === "" ? {} : { merchant: { externalId: value("merchant") } }),
  };
  const orderBy = all ? ("CREATED_AT_DESC" as const) : ("DUE_BY_ASC" as const);
  const pages = usePages(filter);
  const [{ data, error }, read] = useRead(DisputesDocument, { first: 50, after: pages.after, filter, orderBy });
  useLive(DisputesLiveDocument, { filter }, read);
  const list = data?.disputes;
  return (
    <>
      <Head title="Disputes" note={all ? "newest first" : "the next due date first"} />
      <OfMerchant value={value("merchant")} onClear={() => set({ merchant: "" })} />
      <Choices
        label="Disputes"
        value={all ? "ALL" : ""}
        onChoose={(show) => set({ show })}
        choices={[
          { value: "", label: "To answer" },
          { value: "ALL", label: "All" },
        ]}
      />
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {list === undefined ? (
        error === undefined && <Loading />
      ) : (
        <>
          <Table
            caption="Disputes"
            columns={disputeColumns}
            rows={list.edges.map(({ node }) => node)}
            keyOf={(row) => row.id}
            empty={all ? "No disputes." : "No dispute waits for an answer."}
          />
          <Pager pages={pages} info={list.pageInfo} />
        </>
      )}
    </>
  );
}
