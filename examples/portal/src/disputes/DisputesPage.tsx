import type { ReactNode } from 'react'
import { Link, useSearchParams } from 'wouter'
import {
  DisputeListChangedDocument,
  DisputesDocument,
  type DisputesQuery,
} from '../api/__generated__/documents.ts'
import { useLive } from '../api/live.ts'
import { paymentName } from '../payments/PaymentRows.tsx'
import { daysUntil, useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Pager } from '../ui/Pager.tsx'
import { Empty, Money, Page, Section, Skeleton, When } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'
import { StatusChip } from '../ui/StatusChip.tsx'

type Row = DisputesQuery['disputes']['edges'][number]['node']

const PAGE = 25
const ALL = {}

/** The disputes that need an answer come first, the earliest date first. */
export function DisputesPage(): ReactNode {
  const { t } = useText()
  const [parameters] = useSearchParams()
  const after = parameters.get('after')
  const { data, error, loading, retry } = useLive(
    DisputesDocument,
    DisputeListChangedDocument,
    { first: PAGE, after, filter: ALL },
    { filter: ALL },
  )
  const disputes = data?.disputes.edges.map(({ node }) => node) ?? []
  const open = disputes.filter((dispute) => dispute.needsResponse)
  const rest = disputes.filter((dispute) => !dispute.needsResponse)
  return (
    <Page title={t('nav.disputes')} note={t('disputes.note')}>
      {error && !data ? (
        <Refusal of={error} onRetry={retry} />
      ) : loading ? (
        <Skeleton lines={6} tall />
      ) : disputes.length === 0 ? (
        <Empty icon="disputes" title={t('disputes.empty.title')}>
          <p>{t('disputes.empty.body')}</p>
        </Empty>
      ) : (
        <>
          {open.length > 0 && (
            <Section title={t('disputes.open', { count: open.length })}>
              <ul className="due-list">
                {open.map((dispute) => (
                  <Due key={dispute.id} dispute={dispute} />
                ))}
              </ul>
            </Section>
          )}
          {rest.length > 0 && (
            <Section title={open.length > 0 ? t('disputes.others') : t('disputes.all')}>
              <ul className="sheet rows">
                {rest.map((dispute) => (
                  <Rest key={dispute.id} dispute={dispute} />
                ))}
              </ul>
            </Section>
          )}
          <Pager
            info={data?.disputes.pageInfo}
            newest={after ? t('disputes.first') : null}
            older={t('disputes.more')}
          />
        </>
      )}
    </Page>
  )
}

/** A dispute with its date and what to provide. */
function Due({ dispute }: { dispute: Row }): ReactNode {
  const text = useText()
  const { t, told } = text
  const deadline = dispute.dueBy ?? dispute.nextAction.deadline
  const soon = deadline ? daysUntil(deadline) <= 3 : false
  const { recommended } = dispute.evidence
  return (
    <li className="sheet due">
      {deadline && <Calendar at={deadline} urgent={soon} />}
      <div className="due-body">
        <p className="due-head">
          <Link href={`/disputes/${dispute.id}`} className="due-name">
            {told(dispute.explanation, `dispute.reason.${dispute.reason}`)}
          </Link>
          <span className="row-amount">
            <Money of={dispute.amount} />
          </span>
        </p>
        <p className="row-under">
          <span>{t(`dispute.kind.${dispute.kind}`)}</span>
          <span>{paymentName(dispute.payment, text)}</span>
          {deadline && (
            <span className={soon ? 'due-soon' : undefined}>
              <When at={deadline} as="distance" />
            </span>
          )}
        </p>
        {recommended.length > 0 && (
          <p className="due-provide">
            <span className="faint">{t('disputes.provide')}</span>{' '}
            {recommended
              .slice(0, 3)
              .map((part) => told(part.title, `evidence.${part.field}`))
              .join(', ')}
            {recommended.length > 3 && (
              <span className="faint"> {t('disputes.provideMore', { count: recommended.length - 3 })}</span>
            )}
          </p>
        )}
      </div>
    </li>
  )
}

/** A date like a sheet of a calendar. */
export function Calendar({ at, urgent }: { at: string; urgent: boolean }): ReactNode {
  const { locale } = useText()
  const { day } = useFormat()
  const date = new Date(at)
  const part = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, options).format(date)
  return (
    <time dateTime={at} className={urgent ? 'calendar calendar-urgent' : 'calendar'}>
      <span className="unseen">{day(at)}</span>
      <span aria-hidden="true" className="calendar-month">
        {part({ month: 'short' })}
      </span>
      <span aria-hidden="true" className="calendar-day numbers">
        {part({ day: 'numeric' })}
      </span>
    </time>
  )
}

function Rest({ dispute }: { dispute: Row }): ReactNode {
  const text = useText()
  const { told } = text
  return (
    <li>
      <Link href={`/disputes/${dispute.id}`} className="row">
        <span className="row-main">
          <span className="row-name">{told(dispute.explanation, `dispute.reason.${dispute.reason}`)}</span>
          <span className="row-under">
            {dispute.createdAt && <When at={dispute.createdAt} as="day" />}
            <span>{paymentName(dispute.payment, text)}</span>
          </span>
        </span>
        <span className="row-end">
          <span className="row-amount">
            <Money of={dispute.amount} />
          </span>
          <StatusChip of="dispute" status={dispute.status} />
        </span>
        <Icon name="next" small />
      </Link>
    </li>
  )
}
