import type { ReactNode } from 'react'
import { Link } from 'wouter'
import {
  PayoutChangedDocument,
  PayoutDocument,
  type PayoutPartsFragment,
} from '../api/__generated__/documents.ts'
import { useLive } from '../api/live.ts'
import { paymentName } from '../payments/PaymentRows.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Empty, Money, Notice, Page, Section, Skeleton, When } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'
import { StatusChip } from '../ui/StatusChip.tsx'
import { Destination } from './PayoutsPage.tsx'

export function PayoutPage({ id }: { id: string }): ReactNode {
  const { t } = useText()
  const { data, error, loading, retry } = useLive(
    PayoutDocument,
    PayoutChangedDocument,
    { by: { id } },
    { by: { id } },
  )
  if (data?.payout) return <Payout payout={data.payout} />
  return (
    <Page title={t('payout.title')} back={{ to: '/payouts', text: t('nav.payouts') }}>
      {loading ? (
        <Skeleton lines={6} tall />
      ) : error ? (
        <Refusal of={error} onRetry={retry} />
      ) : (
        <Empty icon="search" title={t('payout.missing.title')}>
          <p>{t('payout.missing.body')}</p>
        </Empty>
      )}
    </Page>
  )
}

function Payout({ payout }: { payout: PayoutPartsFragment }): ReactNode {
  const { t, told } = useText()
  const { failure } = payout
  const { day } = useFormat()
  return (
    <Page
      title={t('payout.on', { day: day(payout.arrivalDate) })}
      back={{ to: '/payouts', text: t('nav.payouts') }}
      note={told(payout.summary, `payout.summary.${payout.status}`)}
      aside={<StatusChip of="payout" status={payout.status} />}
    >
      <p className="figure figure-large">
        <Money of={payout.amount} />
      </p>
      {failure && (
        <Notice tone="critical" title={told(failure.explanation, `payout.failure.${failure.code}`)}>
          <p>{told(failure.remedy, `payout.remedy.${failure.code}`)}</p>
          {failure.wasPaid && <p className="soft">{t('payout.wasPaid')}</p>}
        </Notice>
      )}
      {payout.isLate && !failure && (
        <Notice tone="warning" title={t('payout.late')}>
          <p>{t('payout.lateNote')}</p>
        </Notice>
      )}
      <Transactions payout={payout} />
      <Section title={t('payment.details')}>
        <dl className="facts">
          <div>
            <dt>{t('payout.to')}</dt>
            <dd>
              <Destination payout={payout} />
            </dd>
          </div>
          <div>
            <dt>{t('payout.sent')}</dt>
            <dd>
              <When at={payout.createdAt} as="dayAndTime" />
            </dd>
          </div>
          <div>
            <dt>{t('payout.kind')}</dt>
            <dd>{payout.automatic ? t('payout.automatic') : t('payout.manual')}</dd>
          </div>
          {payout.statementDescriptor && (
            <div>
              <dt>{t('payout.statement')}</dt>
              <dd>{payout.statementDescriptor}</dd>
            </div>
          )}
          <div>
            <dt>{t('payout.trace')}</dt>
            <dd className={payout.traceId ? 'code' : 'faint'}>{payout.traceId ?? t('payout.noTrace')}</dd>
          </div>
        </dl>
      </Section>
    </Page>
  )
}

function Transactions({ payout }: { payout: PayoutPartsFragment }): ReactNode {
  const text = useText()
  const { t } = text
  const transactions = payout.transactions.edges.map(({ node }) => node)
  if (!payout.automatic) return null
  return (
    <Section title={t('payout.transactions')}>
      {transactions.length === 0 ? (
        <p className="soft">{t('payout.noTransactions')}</p>
      ) : (
        <ul className="sheet rows">
          {transactions.map((transaction) => (
            <li key={transaction.id}>
              <div className="row">
                <span className="row-main">
                  <span className="row-name">
                    {transaction.payment ? (
                      <Link href={`/payments/${transaction.payment.id}`}>
                        {paymentName(transaction.payment, text)}
                      </Link>
                    ) : (
                      t(`transaction.${transaction.category}` as 'transaction.charge')
                    )}
                  </span>
                  <span className="row-under">
                    <span>{t(`transaction.${transaction.category}` as 'transaction.charge')}</span>
                    <When at={transaction.createdAt} as="day" />
                    {transaction.fee && transaction.fee.minorUnits !== 0 && (
                      <span>
                        {t('transaction.fees')} <Money of={transaction.fee} />
                      </span>
                    )}
                  </span>
                </span>
                <span className="row-end">
                  <span className="row-amount">
                    <Money of={transaction.net} />
                  </span>
                </span>
              </div>
            </li>
          ))}
        </ul>
      )}
      {payout.transactions.pageInfo.hasNextPage && <p className="faint">{t('payout.newestOnly')}</p>}
    </Section>
  )
}
