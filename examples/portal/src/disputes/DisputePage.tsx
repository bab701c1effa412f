import type { ReactNode } from 'react'
import { Link } from 'wouter'
import {
  DisputeChangedDocument,
  DisputeDocument,
  type DisputePartsFragment,
} from '../api/__generated__/documents.ts'
import { useLive } from '../api/live.ts'
import { useMerchant } from '../app/merchant.tsx'
import { PaymentRows } from '../payments/PaymentRows.tsx'
import { daysUntil } from '../text/format.ts'
import { isKey, useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Empty, Money, Notice, Page, Section, Skeleton, When } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'
import { StatusChip } from '../ui/StatusChip.tsx'

export function DisputePage({ id }: { id: string }): ReactNode {
  const { t } = useText()
  const { data, error, loading, retry } = useLive(
    DisputeDocument,
    DisputeChangedDocument,
    { by: { id } },
    { by: { id } },
  )
  if (data?.dispute) return <Dispute dispute={data.dispute} />
  return (
    <Page title={t('dispute.title')} back={{ to: '/disputes', text: t('nav.disputes') }}>
      {loading ? (
        <Skeleton lines={6} tall />
      ) : error ? (
        <Refusal of={error} onRetry={retry} />
      ) : (
        <Empty icon="search" title={t('dispute.missing.title')}>
          <p>{t('dispute.missing.body')}</p>
        </Empty>
      )}
    </Page>
  )
}

function Dispute({ dispute }: { dispute: DisputePartsFragment }): ReactNode {
  const { t, told } = useText()
  // A decided dispute has another text than an open one of its kind.
  const over = `dispute.over.${dispute.status}`
  return (
    <Page
      title={told(dispute.explanation, `dispute.reason.${dispute.reason}`)}
      back={{ to: '/disputes', text: t('nav.disputes') }}
      note={isKey(over) ? t(over) : t(`dispute.about.${dispute.kind}`)}
      aside={<StatusChip of="dispute" status={dispute.status} />}
    >
      <Step dispute={dispute} />
      {!isKey(over) && <Evidence dispute={dispute} />}
      <Cost dispute={dispute} />
      <Section title={t('dispute.payment')}>
        <PaymentRows of={[dispute.payment]} dated />
      </Section>
    </Page>
  )
}

/** The date and the next step. */
function Step({ dispute }: { dispute: DisputePartsFragment }): ReactNode {
  const { t, told } = useText()
  const { merchant } = useMerchant()
  const { kind, label, deadline } = dispute.nextAction
  const task = merchant.dashboard.tasks.find((one) => one.kind === 'RESPOND_TO_DISPUTES_AND_REFUNDS')
  const answer = kind === 'RESPOND' || kind === 'REFUND_OR_RESPOND' || kind === 'RESPOND_IN_DASHBOARD'
  if (!answer) {
    return (
      <Notice
        tone={dispute.status === 'WON' ? 'positive' : 'neutral'}
        title={told(label, `dispute.next.${kind}`)}
      >
        {kind === 'WAIT' && <p>{t('dispute.wait')}</p>}
      </Notice>
    )
  }
  return (
    <div className="next">
      {deadline && (
        <p className={daysUntil(deadline) <= 3 ? 'next-deadline due-soon' : 'next-deadline'}>
          <Icon name="clock" small />
          <span>
            {t('dispute.until')} <When at={deadline} as="dayAndTime" /> (<When at={deadline} as="distance" />)
          </span>
        </p>
      )}
      <div className="actions">
        {task?.url && (
          <a className="button button-primary" href={task.url} target="_blank" rel="noopener noreferrer">
            {t('dispute.answer')}
            <Icon name="out" small />
            <span className="unseen"> {t('app.newTab')}</span>
          </a>
        )}
        {kind === 'REFUND_OR_RESPOND' && (
          <Link href={`/payments/${dispute.payment.id}`} className="button button-plain">
            <Icon name="refund" small />
            {t('dispute.refund')}
          </Link>
        )}
      </div>
      <p className="faint">
        {kind === 'REFUND_OR_RESPOND' ? t('dispute.refundNote') : t('dispute.answerNote')}
      </p>
    </div>
  )
}

/** The most telling parts come first. */
const MOST_TELLING = 6

function Parts({ of }: { of: DisputePartsFragment['evidence']['recommended'] }): ReactNode {
  const { t, told } = useText()
  return (
    <ul className="rows">
      {of.map((part) => (
        <li key={part.field} className="evidence">
          <Icon name={part.isFile ? 'file' : 'text'} />
          <span>{told(part.title, `evidence.${part.field}`)}</span>
          <span className="faint">{part.isFile ? t('dispute.file') : t('dispute.text')}</span>
        </li>
      ))}
    </ul>
  )
}

function Evidence({ dispute }: { dispute: DisputePartsFragment }): ReactNode {
  const { t } = useText()
  const { state, recommended } = dispute.evidence
  if (state === 'SUBMITTED' || state === 'PAST_DUE') {
    return (
      <Notice tone={state === 'SUBMITTED' ? 'waiting' : 'neutral'} title={t(`dispute.evidence.${state}`)} />
    )
  }
  if (recommended.length === 0) return null
  return (
    <Section title={t('dispute.evidence')} note={state === 'STAGED' ? t('dispute.evidence.STAGED') : null}>
      <div className="sheet rows">
        <Parts of={recommended.slice(0, MOST_TELLING)} />
        {recommended.length > MOST_TELLING && (
          <details className="more">
            <summary>
              {t('dispute.more', { count: recommended.length - MOST_TELLING })}
              <Icon name="down" small />
            </summary>
            <Parts of={recommended.slice(MOST_TELLING)} />
          </details>
        )}
      </div>
      <p className="faint">{t('dispute.evidenceNote')}</p>
    </Section>
  )
}

function Cost({ dispute }: { dispute: DisputePartsFragment }): ReactNode {
  const { t } = useText()
  return (
    <Section title={t('dispute.money')}>
      <dl className="sheet ledger numbers">
        <div>
          <dt>{t('dispute.amount')}</dt>
          <dd>
            <Money of={dispute.amount} />
          </dd>
        </div>
        {dispute.withdrawn && (
          <div>
            <dt>{t('dispute.withdrawn')}</dt>
            <dd>
              <Money of={dispute.withdrawn} />
            </dd>
          </div>
        )}
        {dispute.fee && (
          <div>
            <dt>{t('dispute.fee')}</dt>
            <dd>
              <Money of={dispute.fee} />
            </dd>
          </div>
        )}
      </dl>
      {!dispute.withdrawn && <p className="faint">{t('dispute.noMoney')}</p>}
    </Section>
  )
}
