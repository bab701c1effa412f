import { merchantStatuses } from "@connectql/client";

import {
  type MerchantFilter,
  type MerchantOrder,
  type MerchantStatus,
  type OnboardingStage,
  type Party,
  MerchantsDocument,
  MerchantsLiveDocument,
} from "../__generated__/operations";
import { stages } from "../parts/funnel";
import { Filters, Search, Select, useFilters, useSearch } from "../parts/filters";
import { useLive, usePages, useRead } from "../parts/live";
import { Failure, Head, Loading } from "../parts/page";
import { Pager } from "../parts/pager";
import { merchantColumns } from "../parts/rows";
import { Table } from "../parts/table";
import { count } from "../parts/words";
import { usePlatform } from "../platform";

const ORDERS: Record<MerchantOrder, string> = {
  CREATED_AT_DESC: "Newest first",
  CREATED_AT_ASC: "Oldest first",
  DISPLAY_NAME_ASC: "Name",
  NEXT_DEADLINE_ASC: "Next deadline",
  STATUS_ASC: "Status",
  STATUS_SINCE_ASC: "Longest in status",
  STATUS_SINCE_DESC: "Latest change of status",
  COUNTRY_ASC: "Country",
};

/** The stages on the way to active. */
const OPEN: OnboardingStage[] = ["CREATED", "LINK_ISSUED", "FORM_LEFT", "INFORMATION_NEEDED", "IN_REVIEW"];

export function Merchants() {
  const filters = useFilters();
  const [value, set] = filters;
  const [typed, setTyped] = useSearch(filters);

  const isOnTheWay = value("stage") !== "" || value("way") !== "";
  const filter: MerchantFilter = {
    ...(value("status") === "" ? {} : { status: [value("status") as MerchantStatus] }),
    ...(value("by") === "" ? {} : { awaitingActionFrom: value("by") as Party }),
    ...(value("stage") === "" ? {} : { onboardingStage: [value("stage") as OnboardingStage] }),
    ...(value("way") === "" ? {} : { onboardingStage: OPEN }),
    ...(value("stuck") === "" ? {} : { [isOnTheWay ? "onboardingStageForDays" : "statusForDays"]: Number(value("stuck")) }),
    ...(value("due") === "" ? {} : { dueWithinDays: Number(value("due")) }),
    ...(value("search") === "" ? {} : { search: value("search") }),
  };
  const order = (value("order") || "CREATED_AT_DESC") as MerchantOrder;
  const pages = usePages([filter, order]);
  const variables = { first: 50, after: pages.after, filter, orderBy: order };
  const [{ data, error, stale }, read] = useRead(MerchantsDocument, variables);
  useLive(MerchantsLiveDocument, { filter }, read);
  const list = data?.merchants;
  const { statusCounts } = usePlatform().platform;

  return (
    <>
      <Head title="Merchants" note={list?.totalCount == null ? undefined : `${count(list.totalCount)} found`} />
      <Filters>
        <Search label="Search" value={typed} hint="Name, e-mail, external id or acct_…" onType={setTyped} />
        <Select
          label="Status"
          value={value("status")}
          onChoose={(status) => set({ status })}
          choices={[
            { value: "", label: "Any" },
            ...Object.entries(merchantStatuses).map(([status, { label }]) => {
              const number = statusCounts.find((one) => one.status === status)?.count ?? 0;
              // The platform's numbers leave the erased merchants out.
              return { value: status, label: status === "ERASED" ? label : `${label} (${count(number)})` };
            }),
          ]}
        />
        <Select
          label="Onboarding"
          value={value("way") === "" ? value("stage") : "OPEN"}
          onChoose={(stage) => {
            set({ stage: stage === "OPEN" ? "" : stage, way: stage === "OPEN" ? "open" : "" });
          }}
          choices={[
            { value: "", label: "Any stage" },
            { value: "OPEN", label: "On the way" },
            ...Object.entries(stages).map(([stage, [title]]) => ({ value: stage, label: title })),
          ]}
        />
        <Select
          label="Waits for"
          value={value("by")}
          onChoose={(by) => set({ by })}
          choices={[
            { value: "", label: "Anybody" },
            { value: "PLATFORM", label: "The platform" },
            { value: "MERCHANT", label: "The merchant" },
            { value: "STRIPE", label: "Stripe" },
          ]}
        />
        <Select
          label={isOnTheWay ? "Same stage for" : "Same status for"}
          value={value("stuck")}
          onChoose={(days) => set({ stuck: days })}
          choices={[
            { value: "", label: "Any time" },
            { value: "3", label: "3 days" },
            { value: "7", label: "7 days" },
            { value: "30", label: "30 days" },
          ]}
        />
        <Select
          label="Deadline"
          value={value("due")}
          onChoose={(days) => set({ due: days })}
          choices={[
            { value: "", label: "Any" },
            { value: "0", label: "Passed" },
            { value: "7", label: "In 7 days" },
            { value: "30", label: "In 30 days" },
          ]}
        />
        <Select
          label="Order"
          value={order}
          onChoose={(chosen) => set({ order: chosen === "CREATED_AT_DESC" ? "" : chosen })}
          choices={Object.entries(ORDERS).map(([key, label]) => ({ value: key, label }))}
        />
      </Filters>
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {list === undefined ? (
        error === undefined && <Loading />
      ) : (
        <div aria-busy={stale}>
          <Table
            caption="Merchants"
            columns={[
              merchantColumns.name,
              merchantColumns.status,
              { ...merchantColumns.since, minor: true },
              merchantColumns.next,
              merchantColumns.by,
              merchantColumns.deadline,
              merchantColumns.country,
              merchantColumns.updated,
            ]}
            rows={list.edges.map(({ node }) => node)}
            keyOf={(row) => row.id}
            empty="No merchant matches."
          />
          <Pager pages={pages} info={list.pageInfo} />
        </div>
      )}
    </>
  );
}
