import type { ComponentChildren } from "preact";
import { Link } from "wouter-preact";

import { OverviewDocument } from "../__generated__/operations";
import { Funnel, STUCK_DAYS, stages } from "../parts/funnel";
import { useInterval, useRead } from "../parts/live";
import { Failure, Head, Loading, Section } from "../parts/page";
import { ProblemCard } from "../parts/problem";
import { disputeColumns, merchantColumns, payoutColumns } from "../parts/rows";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { count, things } from "../parts/words";
import { usePlatform } from "../platform";

export function Overview() {
  const { platform } = usePlatform();
  const [{ data, error }, read] = useRead(OverviewDocument, {});
  useInterval(30, read);
  const { problems, webhooks } = platform;
  return (
    <>
      <Head title="Overview" />
      <section class={`health ${problems.length === 0 ? "well" : "ill"}`} aria-label="Health">
        <header>
          <h2>{problems.length === 0 ? "All well" : things(problems.length, "problem")}</h2>
          <p class="note">
            Last delivery <Time at={webhooks.lastReceivedAt} />. Destination checked{" "}
            <Time at={webhooks.destinationCheckedAt} />.
          </p>
        </header>
        {problems.length > 0 && (
          <ul class="problems">
            {problems.map((problem) => (
              <ProblemCard key={problem.code} problem={problem} />
            ))}
          </ul>
        )}
      </section>
      <Figures />
      <Funnel />
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {data === undefined ? (
        error === undefined && <Loading />
      ) : (
        <div class="columns">
          <Section title="Next deadlines" tools={<More href="/actions" />}>
            <Table
              caption="Merchants with the next deadlines"
              columns={[merchantColumns.name, merchantColumns.status, { ...merchantColumns.deadline, minor: false }]}
              rows={data.due.edges.map(({ node }) => node)}
              keyOf={(row) => row.id}
              empty="No merchant has a deadline in the next 14 days."
            />
          </Section>
          <Section title="Stuck for three days" tools={<More href={`/merchants?way=open&stuck=${STUCK_DAYS}`} />}>
            <Table
              caption="Merchants who have not advanced for three days"
              columns={[
                merchantColumns.name,
                { title: "Stage", cell: (row) => stages[row.onboarding.stage][0] },
                { title: "Since", cell: (row) => <Time at={row.onboarding.stageSince} /> },
              ]}
              rows={data.stuck.edges.map(({ node }) => node)}
              keyOf={(row) => row.id}
              empty="Nobody is stuck on the way to active."
            />
          </Section>
          <Section title="Disputes to answer" tools={<More href="/disputes" />}>
            <Table
              caption="Disputes by due date"
              columns={disputeColumns.slice(0, 3)}
              rows={data.disputes.edges.map(({ node }) => node)}
              keyOf={(row) => row.id}
              empty="No dispute waits for an answer."
            />
          </Section>
          <Section title="Failed payouts" tools={<More href="/payouts" />}>
            <Table
              caption="Payouts that failed"
              columns={payoutColumns.slice(0, 3)}
              rows={data.payouts.edges.map(({ node }) => node)}
              keyOf={(row) => row.id}
              empty="No payout has failed."
            />
          </Section>
        </div>
      )}
    </>
  );
}

function More({ href }: { href: string }) {
  return <Link href={href}>Show all</Link>;
}

function Figures() {
  const { statusCounts, webhooks } = usePlatform().platform;
  const sum = (...chosen: string[]) =>
    statusCounts.filter(({ status }) => chosen.includes(status)).reduce((total, { count }) => total + count, 0);
  const all = statusCounts.reduce((total, { count }) => total + count, 0);
  return (
    <ul class="figures">
      <Figure name="Merchants" value={count(all)} href="/merchants" />
      <Figure name="Active" value={count(sum("ACTIVE", "ACTIVE_DUE_SOON"))} href="/merchants?status=ACTIVE" />
      <Figure
        name="Restricted or blocked"
        value={count(sum("RESTRICTED", "RESTRICTED_BY_STRIPE", "PAYOUTS_BLOCKED"))}
        href="/merchants?status=RESTRICTED"
      />
      <Figure name="In review" value={count(sum("PENDING_REVIEW"))} href="/merchants?status=PENDING_REVIEW" />
      <Figure name="Events waiting" value={count(webhooks.backlog)} href="/pipes" />
      <Figure name="Events failed" value={count(webhooks.failed)} href="/pipes?events=FAILED" />
    </ul>
  );
}

function Figure({ name, value, href }: { name: string; value: ComponentChildren; href: string }) {
  return (
    <li>
      <Link href={href}>
        <span class="name">{name}</span>
        <span class="value">{value}</span>
      </Link>
    </li>
  );
}
