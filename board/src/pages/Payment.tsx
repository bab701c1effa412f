import { PaymentDocument, PaymentLiveDocument } from "../__generated__/operations";
import { useLive, useRead } from "../parts/live";
import { Amount, Empty, Facts, Failure, Head, Id, Loading, Outside, Section, Status } from "../parts/page";
import { MerchantLink, disputeColumns } from "../parts/rows";
import { Table } from "../parts/table";
import { Time } from "../parts/time";

export function Payment({ id }: { id: string }) {
  const [{ data, error }, read] = useRead(PaymentDocument, { id });
  useLive(PaymentLiveDocument, { id }, read);
  const payment = data?.payment;
  if (payment === undefined) {
    return (
      <>
        <Head title="Payment" />
        {error === undefined ? <Loading /> : <Failure error={error} onRetry={read} />}
      </>
    );
  }
  if (payment === null) {
    return <Head title="No such payment" />;
  }
  const { failure } = payment;
  return (
    <>
      <Head
        title={payment.externalId ?? payment.stripePaymentIntentId ?? "Payment"}
        note={
          <>
            <Status of="payment" status={payment.state} /> of{" "}
            <MerchantLink merchant={payment.merchant} />
          </>
        }
      >
        {payment.merchant.account?.platformDashboardUrl != null && (
          <Outside href={payment.merchant.account.platformDashboardUrl}>Account at Stripe</Outside>
        )}
      </Head>
      <p class="summary">{payment.summary}</p>
      <div class="columns wide-left">
        <div>
          {failure !== null && (
            <Section title="Failure">
              <p class="next">
                {failure.payerMessage} <Id>{failure.declineCode ?? failure.code ?? "no code"}</Id>
              </p>
            </Section>
          )}
          {payment.refunds.length > 0 && (
            <Section title="Refunds">
              <Table
                caption="Refunds"
                columns={[
                  { title: "Refund", cell: (row) => <Id>{row.stripeRefundId ?? row.id}</Id> },
                  { title: "Amount", cell: (row) => <Amount money={row.amount} />, numeric: true },
                  { title: "State", cell: (row) => <Status of="refund" status={row.state} /> },
                  { title: "Explanation", cell: (row) => row.explanation, minor: true },
                  { title: "Created", cell: (row) => <Time at={row.createdAt} />, minor: true },
                ]}
                rows={payment.refunds}
                keyOf={(row) => row.id}
                empty="None."
              />
            </Section>
          )}
          {payment.disputes.length > 0 && (
            <Section title="Disputes">
              <Table
                caption="Disputes"
                columns={disputeColumns.filter(({ title }) => title !== "Merchant")}
                rows={payment.disputes}
                keyOf={(row) => row.id}
                empty="None."
              />
            </Section>
          )}
          <Section title="Timeline">
            {payment.timeline.edges.length === 0 ? (
              <Empty>Nothing yet.</Empty>
            ) : (
              <ol class="timeline">
                {payment.timeline.edges.map(({ node }) => (
                  <li key={node.id}>
                    <span class="when">
                      <Time at={node.at} />
                    </span>
                    <div>
                      {node.message}
                      {node.actor !== null && <span class="sub">by {node.actor}</span>}
                    </div>
                  </li>
                ))}
              </ol>
            )}
          </Section>
        </div>
        <div>
          <Section title="Money">
            <Facts
              facts={[
                ["Amount", <Amount money={payment.amount} />],
                ["Received", <Amount money={payment.amountReceived} />],
                ["Refunded", <Amount money={payment.amountRefunded} />],
                ["The platform's fee", <Amount money={payment.applicationFee} />],
                ["Stripe's fee", <Amount money={payment.stripeFee} />],
                ["Net", <Amount money={payment.net} />],
              ]}
            />
          </Section>
          <Section title="Payment">
            <Facts
              facts={[
                ["Payment intent", payment.stripePaymentIntentId && <Id>{payment.stripePaymentIntentId}</Id>],
                ["Charge", payment.stripeChargeId && <Id>{payment.stripeChargeId}</Id>],
                ["Description", payment.description],
                ["Created", <Time at={payment.createdAt} />],
                ["Last change", <Time at={payment.updatedAt} />],
                ...payment.metadata.map(({ key, value }): [string, string] => [key, value]),
              ]}
            />
          </Section>
        </div>
      </div>
    </>
  );
}
