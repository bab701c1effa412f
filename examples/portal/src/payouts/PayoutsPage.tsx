import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import {
  PayoutListChangedDocument,
  type PayoutRowFragment,
  PayoutsDocument,
} from '../api/__generated__/documents.ts'
import { useLive } from '../api/live.ts'
import { useMerchant } from '../app/merchant.tsx'
import { useText } from '../text/text.ts'
import { Pager } from '../ui/Pager.tsx'
import { Chip, Empty, Money, Page, Section, Skeleton, When } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'
import { StatusChip } from '../ui/StatusChip.tsx'
import { Balances } from './Balances.tsx'
import { Obstacles } from './Obstacles.tsx'

const PAGE = 25
const ALL = {}

export function PayoutsPage(): ReactNode {
  const { t, told } = useText()
  const { merchant } = useMerchant()
  const { payoutSchedule } = merchant
  const [parameters] = useSearchParams()
  const after = parameters.get('after')
  const { data, error, loading, retry } = useLive(
    PayoutsDocument,
    PayoutListChangedDocument,
    { first: PAGE, after, filter: ALL },
    { filter: ALL },
  )
  const payouts = data?.payouts.edges.map(({ node }) => node) ?? []
  return (
    <Page
      title={t('nav.payouts')}
      note={
        payoutSchedule
          ? told(payoutSchedule.summary, `schedule.${payoutSchedule.interval}`)
          : t('payouts.note')
      }
    >
      {!after && (
        <>
          <Obstacles />
          <Balances />
        </>
      )}
      <Section title={t('payouts.list')}>
        {error && !data ? (
          <Refusal of={error} onRetry={retry} />
        ) : loading ? (
          <Skeleton lines={5} tall />
        ) : payouts.length === 0 ? (
          <Empty icon="payouts" title={t('payouts.empty.title')}>
            <p>{t('payouts.empty.body')}</p>
          </Empty>
        ) : (
          <>
            <ul className="sheet rows">
              {payouts.map((payout) => (
                <Row key={payout.id} payout={payout} />
              ))}
            </ul>
            <Pager
              info={data?.payouts.pageInfo}
              newest={after ? t('payouts.newest') : null}
              older={t('payouts.older')}
            />
          </>
        )}
      </Section>
    </Page>
  )
}

function Row({ payout }: { payout: PayoutRowFragment }): ReactNode {
  const { t, told } = useText()
  const { failure } = payout
  return (
    <li>
      <Link href={`/payouts/${payout.id}`} className="row">
        <span className="row-main">
          <span className="row-name">
            <When at={payout.arrivalDate} as="day" />
          </span>
          <span className={failure ? 'row-under row-alert' : 'row-under'}>
            {failure ? (
              told(failure.explanation, `payout.failure.${failure.code}`)
            ) : (
              <Destination payout={payout} />
            )}
          </span>
        </span>
        <span className="row-end">
          <span className="row-amount">
            <Money of={payout.amount} />
          </span>
          {payout.isLate ? (
            <Chip tone="warning">{t('payout.late')}</Chip>
          ) : (
            <StatusChip of="payout" status={payout.status} />
          )}
        </span>
      </Link>
    </li>
  )
}

export function Destination({ payout: { destination } }: { payout: PayoutRowFragment }): ReactNode {
  const { t } = useText()
  if (!destination) return t('payout.destination.UNKNOWN')
  const name = destination.name ?? t(`payout.destination.${destination.type}`)
  return destination.last4 ? t('payment.method', { name, last4: destination.last4 }) : name
}
