import { useClient } from "@urql/preact";

import {
  type MerchantFilter,
  type MerchantsQuery,
  MerchantsDocument,
  MerchantsLiveDocument,
} from "../__generated__/operations";
import { Action } from "../parts/actions";
import { Choices, useFilters } from "../parts/filters";
import { useLive, usePages, useRead } from "../parts/live";
import { Failure, Head, Loading, Section } from "../parts/page";
import { Pager } from "../parts/pager";
import { ProblemCard } from "../parts/problem";
import { merchantColumns } from "../parts/rows";
import { type Column, Table, csv, save } from "../parts/table";
import { count, things } from "../parts/words";
import { usePlatform } from "../platform";

type Row = MerchantsQuery["merchants"]["edges"][number]["node"];
type Who = "US" | "MERCHANT" | "STRIPE";

/** In these statuses the platform may have to act. The API has no filter for the platform. */
const OURS: MerchantFilter = { status: ["NOT_REQUESTED", "DISCONNECTED", "REJECTED", "UNKNOWN"] };
/** An export has at most this number of rows. */
const MOST_ROWS = 10_000;

const columns: Column<Row>[] = [
  { ...merchantColumns.deadline, minor: false },
  merchantColumns.name,
  { ...merchantColumns.name, title: "External id", cell: () => null, text: (row) => row.externalId },
  merchantColumns.status,
  merchantColumns.next,
  {
    title: "Requirements",
    cell: (row) => count(row.requirements.dueCount),
    text: (row) => String(row.requirements.dueCount),
    numeric: true,
    minor: true,
  },
  { ...merchantColumns.since, minor: true },
  merchantColumns.country,
];
const shown = [merchantColumns.name, ...columns.filter(({ title }) => !["Merchant", "External id"].includes(title))];

export function Actions() {
  const [value, set] = useFilters();
  const who = (value("who") || "US") as Who;
  const { platform } = usePlatform();
  const client = useClient();
  const filter = filterOf(who);
  const pages = usePages(filter);
  const order = "NEXT_DEADLINE_ASC" as const;
  const variables = { first: 50, after: pages.after, filter, orderBy: order };
  const [{ data, error }, read] = useRead(MerchantsDocument, variables);
  useLive(MerchantsLiveDocument, { filter }, read);
  const rows = (data?.merchants.edges ?? []).map(({ node }) => node).filter((row) => matches(who, row));

  async function save_csv(): Promise<string> {
    const all: Row[] = [];
    let after: string | null = null;
    do {
      const page: MerchantsQuery["merchants"] = await readPage(after);
      all.push(...page.edges.map(({ node }) => node));
      after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
    } while (after !== null && all.length < MOST_ROWS);
    const chosen = all.filter((row) => matches(who, row));
    save(`${who.toLowerCase()}-must-act.csv`, csv(columns, chosen));
    return `${things(chosen.length, "row")} exported.`;
  }

  async function readPage(after: string | null) {
    const all = { first: 100, after, filter, orderBy: order };
    const result = await client.query(MerchantsDocument, all, { requestPolicy: "network-only" }).toPromise();
    if (result.data === undefined) {
      throw result.error ?? new Error("The service gave no answer.");
    }
    return result.data.merchants;
  }

  return (
    <>
      <Head title="Who must act" note="by deadline">
        <Action run={save_csv}>Export as CSV</Action>
      </Head>
      <Choices
        label="Who must act"
        value={who}
        onChoose={(chosen) => set({ who: chosen === "US" ? "" : chosen })}
        choices={[
          { value: "US", label: "Us" },
          { value: "MERCHANT", label: "The merchant" },
          { value: "STRIPE", label: "Stripe" },
        ]}
      />
      {who === "US" && platform.problems.length > 0 && (
        <Section title="Problems of the platform">
          <ul class="problems">
            {platform.problems.map((problem) => (
              <ProblemCard key={problem.code} problem={problem} />
            ))}
          </ul>
        </Section>
      )}
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {data === undefined ? (
        error === undefined && <Loading />
      ) : (
        <Section
          title={{ US: "Merchants who need us", MERCHANT: "Merchants who must act", STRIPE: "Merchants who wait for Stripe" }[who]}
          note={who === "US" || data.merchants.totalCount == null ? undefined : count(data.merchants.totalCount)}
        >
          <Table
            caption="Merchants by deadline"
            columns={shown}
            rows={rows}
            keyOf={(row) => row.id}
            empty={emptyText(who, data.merchants.pageInfo.hasNextPage)}
          />
          <Pager pages={pages} info={data.merchants.pageInfo} />
        </Section>
      )}
    </>
  );
}

function filterOf(who: Who): MerchantFilter {
  return who === "US" ? OURS : { awaitingActionFrom: who };
}

function matches(who: Who, { nextAction, status }: Row): boolean {
  return who !== "US" || nextAction.kind === "CONTACT_PLATFORM" || status === "UNKNOWN";
}

/** The rows are chosen after they are read, so a page without any can precede others. */
function emptyText(who: Who, hasNextPage: boolean): string {
  if (hasNextPage) {
    return "Nobody on this page.";
  }
  return who === "US" ? "No merchant needs the platform." : "Nobody.";
}
