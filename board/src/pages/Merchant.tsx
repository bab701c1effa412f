import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";

import {
  EventsDocument,
  MerchantDocument,
  MerchantLiveDocument,
  MerchantMoneyDocument,
  type MerchantPageFragment,
  RefreshMerchantDocument,
  TimelineDocument,
} from "../__generated__/operations";
import { Action, useMutate } from "../parts/actions";
import { EventTable, useReplay } from "../parts/events";
import { stages } from "../parts/funnel";
import { useInterval, useLive, useRead } from "../parts/live";
import { Amount, Empty, Facts, Failure, Head, Id, Loading, Outside, Pill, Prose, Section } from "../parts/page";
import { disputeColumns, paymentColumns, payoutColumns } from "../parts/rows";
import { type Column, Table } from "../parts/table";
import { Deadline, Time } from "../parts/time";
import { capabilityTones, capital, date, party, things, toneOf, urgencyTones, words } from "../parts/words";

export function Merchant({ externalId }: { externalId: string }) {
  const [{ data, error }, read] = useRead(MerchantDocument, { externalId });
  useLive(MerchantLiveDocument, { externalId }, () => undefined); // the cache stores the answer
  if (data === undefined) {
    return (
      <>
        <Head title="Merchant" />
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={read} />}
      </>
    );
  }
  if (data.merchant === null) {
    return (
      <>
        <Head title="No such merchant" />
        <Empty>
          No merchant has the external id <Id>{externalId}</Id>. <Link href="/merchants">All merchants</Link>
        </Empty>
      </>
    );
  }
  return <Shown merchant={data.merchant} />;
}

function Shown({ merchant }: { merchant: MerchantPageFragment }) {
  const mutate = useMutate();
  const { account, nextAction, externalId } = merchant;

  async function refresh(): Promise<string> {
    await mutate(RefreshMerchantDocument, { externalId });
    return `${merchant.displayName} was read from Stripe.`;
  }

  return (
    <>
      <Head
        title={merchant.displayName}
        note={
          <>
            <Pill tone={toneOf(merchant.statusTone)}>{merchant.statusTitle}</Pill> since{" "}
            <Time at={merchant.statusSince} />
          </>
        }
      >
        {account?.platformDashboardUrl != null && (
          <Outside href={account.platformDashboardUrl}>Account at Stripe</Outside>
        )}
        <Action run={refresh}>Refresh from Stripe</Action>
      </Head>
      <p class="summary">{merchant.summary}</p>
      <div class="columns wide-left">
        <div>
          <Section title="Next step" note={nextAction.by === null ? undefined : `by ${party(nextAction.by)}`}>
            <p class="next">
              {nextAction.label}
              {nextAction.deadline !== null && (
                <>
                  {" "}
                  <Deadline at={nextAction.deadline} />
                </>
              )}
            </p>
          </Section>
          <Requirements merchant={merchant} />
          <Obstacles merchant={merchant} />
          <FailedEvents externalId={externalId} />
          <Money externalId={externalId} />
          <Timeline externalId={externalId} />
        </div>
        <div>
          <Section title="Merchant">
            <Facts
              facts={[
                ["External id", <Id>{externalId}</Id>],
                ["E-mail", merchant.contactEmail],
                ["Country", merchant.country],
                ["Created", <Time at={merchant.createdAt} />],
                ["Last change", <Time at={merchant.updatedAt} />],
                [
                  "Read from Stripe",
                  <>
                    <Time at={merchant.freshness.syncedAt} />
                    {merchant.freshness.stale && <Pill tone="warning">Stale</Pill>}
                  </>,
                ],
              ]}
            />
          </Section>
          <Section title="Account">
            <Facts
              facts={[
                ["Stripe account", account === null ? null : <Id>{account.stripeAccountId}</Id>],
                ["Mode", account === null ? null : account.livemode ? "Live" : "Sandbox"],
                ["Card payments", merchant.canAcceptPayments ? "Work" : "Do not work"],
                ["Payouts", merchant.canReceivePayouts ? "Work" : "Do not work"],
                ...merchant.formerAccounts.map((former): [string, ComponentChildren] => [
                  "Former account",
                  <>
                    <Id>{former.stripeAccountId}</Id>{" "}
                    {former.canAcceptPayments && <Pill tone="warning">Takes payments</Pill>}
                  </>,
                ]),
              ]}
            />
          </Section>
          <Section title="Onboarding">
            <Facts
              facts={[
                ["Stage", stages[merchant.onboarding.stage][0]],
                ["At this stage", <Time at={merchant.onboarding.stageSince} />],
                ["Links issued", merchant.onboarding.linksIssued],
                ["Last link", <Time at={merchant.onboarding.lastLinkIssuedAt} />],
                ["Last return", <Time at={merchant.onboarding.lastReturnedAt} />],
                ["First active", <Time at={merchant.onboarding.everActiveAt} />],
              ]}
            />
          </Section>
          <Section title="Capabilities">
            {merchant.capabilities.length === 0 ? (
              <Empty>None yet.</Empty>
            ) : (
              <ul class="capabilities">
                {merchant.capabilities.map((capability) => (
                  <li key={capability.name}>
                    <span>{capability.title}</span>
                    <Pill tone={capabilityTones[capability.status]}>{words(capability.status)}</Pill>
                    {capability.status !== "ACTIVE" && capability.details[0] !== undefined && (
                      <span class="sub">{capability.details[0].explanation}</span>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </Section>
          <Section title="Balance and payouts">
            <Facts
              facts={[
                ...(merchant.balance?.amounts ?? []).flatMap((one): [string, ComponentChildren][] => [
                  [`Available ${one.currency}`, <Amount money={one.available} />],
                  [`Pending ${one.currency}`, <Amount money={one.pending} />],
                ]),
                ["Schedule", merchant.payoutSchedule?.summary],
                [
                  "Next payout",
                  merchant.payoutSchedule?.nextPayoutEstimate == null
                    ? null
                    : date(merchant.payoutSchedule.nextPayoutEstimate),
                ],
              ]}
            />
          </Section>
          {merchant.service !== null && (
            <Section title="Subscription to the platform">
              <p class="next">{merchant.service.summary}</p>
            </Section>
          )}
        </div>
      </div>
    </>
  );
}

function Requirements({ merchant }: { merchant: MerchantPageFragment }) {
  const { groups, pendingCount } = merchant.requirements;
  if (groups.length === 0) {
    return null;
  }
  return (
    <Section
      title="Requirements"
      note={pendingCount === 0 ? things(groups.length, "thing") : `${pendingCount} in review at Stripe`}
    >
      <ul class="requirements">
        {groups.map((group, index) => (
          <li key={`${group.key} ${index}`}>
            <div>
              <strong>{group.title}</strong>
              {group.person !== null && <span class="sub">{group.person.label}</span>}
              {group.errors.map((error) => (
                <span key={error.code} class="sub error">
                  {error.explanation}
                </span>
              ))}
            </div>
            {group.urgency === null ? (
              <Pill tone="waiting">{capital(party(group.awaitingActionFrom))}</Pill>
            ) : (
              <Pill tone={urgencyTones[group.urgency]}>{words(group.urgency)}</Pill>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Obstacles({ merchant }: { merchant: MerchantPageFragment }) {
  if (merchant.payoutObstacles.length === 0) {
    return null;
  }
  return (
    <Section title="Why the merchant is not paid">
      <ul class="requirements">
        {merchant.payoutObstacles.map((one) => (
          <li key={one.kind}>
            <div>
              <strong>{one.explanation}</strong>
              <span class="sub">
                <Prose>{one.remedy}</Prose>
              </span>
            </div>
            {one.endedBy !== null && <Pill tone="neutral">{capital(party(one.endedBy))}</Pill>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Failed events of the merchant. A replay reads the merchant's objects from Stripe again. */
function FailedEvents({ externalId }: { externalId: string }) {
  const variables = { first: 100, state: "FAILED" as const, merchant: { externalId } };
  const [{ data, error }, read] = useRead(EventsDocument, variables);
  useInterval(30, read);
  const replay = useReplay(read);
  const events = data?.platform.events.edges.map(({ node }) => node) ?? [];
  if (error !== undefined) {
    return <Failure error={error} onRetry={read} />;
  }
  if (events.length === 0) {
    return null;
  }
  return (
    <Section
      title="Failed events"
      note="this merchant may have changed at Stripe"
      tools={events.length > 1 && <Action run={() => replay(events)}>Replay {things(events.length, "event")}</Action>}
    >
      <EventTable caption="Failed events, newest first" events={events} read={read} empty="" isOfMerchant />
    </Section>
  );
}

function Timeline({ externalId }: { externalId: string }) {
  const [first, setFirst] = useState(15);
  const [{ data, error }, read] = useRead(TimelineDocument, { externalId, first });
  useLive(MerchantLiveDocument, { externalId }, read);
  const timeline = data?.merchant?.timeline;
  return (
    <Section title="Timeline">
      {error !== undefined && <Failure error={error} onRetry={read} />}
      {timeline === undefined ? (
        error === undefined && <Loading />
      ) : (
        <ol class="timeline">
          {timeline.edges.map(({ node }) => (
            <li key={node.id} class={node.kind.toLowerCase()}>
              <span class="when">
                <Time at={node.at} />
              </span>
              <div>
                {node.message}
                {node.actor !== null && <span class="sub">by {node.actor}</span>}
                {node.requestId !== null && (
                  <span class="sub">
                    Stripe's request <Id>{node.requestId}</Id>
                  </span>
                )}
                {node.changes.length > 0 && node.kind !== "STATUS_CHANGED" && (
                  <details>
                    <summary>{things(node.changes.length, "value")}</summary>
                    <ul class="changes">
                      {node.changes.map((change) => (
                        <li key={change.name}>
                          {change.title}: {change.before ?? "none"} → {change.after ?? "none"}
                        </li>
                      ))}
                    </ul>
                  </details>
                )}
              </div>
            </li>
          ))}
        </ol>
      )}
      {timeline?.pageInfo.hasNextPage === true && first < 100 && (
        <button type="button" onClick={() => setFirst(100)}>
          Show more
        </button>
      )}
    </Section>
  );
}

function Money({ externalId }: { externalId: string }) {
  const [{ data, error }, read] = useRead(MerchantMoneyDocument, { externalId });
  useInterval(30, read);
  const merchant = data?.merchant;
  const more = (page: string) => (
    <Link href={`/${page}?merchant=${encodeURIComponent(externalId)}`}>Show all</Link>
  );
  if (error !== undefined) {
    return <Failure error={error} onRetry={read} />;
  }
  if (merchant == null) {
    return <Loading />;
  }
  const left = new Set(["Merchant", "Method", "Evidence"]);
  const but = <Row,>(columns: Column<Row>[]) => columns.filter(({ title }) => !left.has(title));
  return (
    <>
      <Section title="Payments" tools={more("payments")}>
        <Table
          caption="Latest payments"
          columns={but(paymentColumns)}
          rows={merchant.payments.edges.map(({ node }) => node)}
          keyOf={(row) => row.id}
          empty="No payments yet."
        />
      </Section>
      <Section title="Disputes" tools={more("disputes")}>
        <Table
          caption="Disputes by due date"
          columns={but(disputeColumns)}
          rows={merchant.disputes.edges.map(({ node }) => node)}
          keyOf={(row) => row.id}
          empty="No disputes."
        />
      </Section>
      <Section title="Payouts" tools={more("payouts")}>
        <Table
          caption="Latest payouts"
          columns={payoutColumns.filter(({ title }) => title !== "To")}
          rows={merchant.payouts.edges.map(({ node }) => node)}
          keyOf={(row) => row.id}
          empty="No payouts yet."
        />
      </Section>
    </>
  );
}
