import { useClient } from "@urql/preact";
import { useState } from "preact/hooks";

import {
  type MerchantFilter,
  type MerchantsQuery,
  MerchantsDocument,
  MerchantsLiveDocument,
} from "../__generated__/operations";
import { codeOf } from "../client";
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
type Who = "PLATFORM" | "MERCHANT" | "STRIPE";

const TITLES: Record<Who, string> = {
  PLATFORM: "Merchants who need the platform",
  MERCHANT: "Merchants who must act",
  STRIPE: "Merchants who wait for Stripe",
};
const FILES: Record<Who, string> = { PLATFORM: "platform", MERCHANT: "merchants", STRIPE: "stripe" };
/** The API limits the requests per minute. A long export waits this long between attempts, in milliseconds. */
const RATE_PAUSE = 5_000;

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
  const who = (value("who") || "PLATFORM") as Who;
  const { platform } = usePlatform();
  const client = useClient();
  const filter: MerchantFilter = { awaitingActionFrom: who };
  const pages = usePages(filter);
  const order = "NEXT_DEADLINE_ASC" as const;
  const variables = { first: 50, after: pages.after, filter, orderBy: order };
  const [{ data, error }, read] = useRead(MerchantsDocument, variables);
  useLive(MerchantsLiveDocument, { filter }, read);
  const rows = (data?.merchants.edges ?? []).map(({ node }) => node);

  const [exported, setExported] = useState<number | null>(null);

  /** Save the rows of all pages. If one page cannot be read, nothing is saved. */
  async function saveCsv(): Promise<string> {
    const all: Row[] = [];
    let after: string | null = null;
    try {
      do {
        setExported(all.length);
        const page: MerchantsQuery["merchants"] = await readPage(after);
        all.push(...page.edges.map(({ node }) => node));
        after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
      } while (after !== null);
    } finally {
      setExported(null);
    }
    save(`${FILES[who]}-must-act.csv`, csv(columns, all));
    return `${things(all.length, "row")} exported.`;
  }

  async function readPage(after: string | null): Promise<MerchantsQuery["merchants"]> {
    const all = { first: 100, after, filter, orderBy: order };
    const { data, error } = await client.query(MerchantsDocument, all, { requestPolicy: "network-only" }).toPromise();
    if (data !== undefined) {
      return data.merchants;
    }
    if (error === undefined || codeOf(error) !== "RATE_LIMITED") {
      throw error ?? new Error("The service gave no answer.");
    }
    await new Promise((resolve) => setTimeout(resolve, RATE_PAUSE));
    return readPage(after);
  }

  return (
    <>
      <Head title="Who must act" note="by deadline">
        <Action run={saveCsv}>{exported === null ? "Export as CSV" : `Reading, ${things(exported, "row")}`}</Action>
      </Head>
      <Choices
        label="Who must act"
        value={who}
        onChoose={(chosen) => set({ who: chosen === "PLATFORM" ? "" : chosen })}
        choices={[
          { value: "PLATFORM", label: "The platform" },
          { value: "MERCHANT", label: "The merchant" },
          { value: "STRIPE", label: "Stripe" },
        ]}
      />
      {who === "PLATFORM" && platform.problems.length > 0 && (
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
          title={TITLES[who]}
          note={data.merchants.totalCount == null ? undefined : count(data.merchants.totalCount)}
        >
          <Table
            caption="Merchants by deadline"
            columns={shown}
            rows={rows}
            keyOf={(row) => row.id}
            empty={who === "PLATFORM" ? "No merchant needs the platform." : "Nobody."}
          />
          <Pager pages={pages} info={data.merchants.pageInfo} />
        </Section>
      )}
    </>
  );
}
