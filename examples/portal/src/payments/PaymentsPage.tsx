import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import {
  type PaymentFilter,
  PaymentListChangedDocument,
  PaymentsDocument,
} from '../api/__generated__/documents.ts'
import { useLive } from '../api/live.ts'
import { useMerchant } from '../app/merchant.tsx'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Pager } from '../ui/Pager.tsx'
import { Empty, Page, Skeleton } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'
import { PaymentRows } from './PaymentRows.tsx'

const PAGE = 25

const KINDS = {
  all: {},
  paid: { state: ['SUCCEEDED'] },
  open: { state: ['AWAITING_CUSTOMER', 'REQUIRES_ACTION', 'PROCESSING', 'AUTHORIZED'] },
  failed: { state: ['ATTEMPT_FAILED', 'FAILED', 'CANCELED', 'EXPIRED'] },
  refunded: { refundState: ['PENDING', 'PARTIAL', 'FULL', 'FAILED'] },
  disputed: { disputeState: ['WARNED', 'INQUIRY', 'NEEDS_RESPONSE', 'UNDER_REVIEW', 'WON', 'LOST'] },
} satisfies Record<string, PaymentFilter>

type Kind = keyof typeof KINDS

const DAYS = ['7', '30', '90'] as const

/** The address of the page holds the filter, so it can be shared, and the browser's Back works. */
export function PaymentsPage(): ReactNode {
  const { t } = useText()
  const [parameters, setParameters] = useSearchParams()
  const search = parameters.get('q') ?? ''
  const given = parameters.get('show') ?? 'all'
  const kind: Kind = given in KINDS ? (given as Kind) : 'all'
  const days = DAYS.find((number) => number === parameters.get('days')) ?? null
  const after = parameters.get('after')
  const filter = useMemo(
    () => ({
      ...KINDS[kind],
      ...(search && { search }),
      ...(days && { createdFrom: firstOf(Number(days)) }),
    }),
    [kind, search, days],
  )
  const { data, error, loading, retry } = useLive(
    PaymentsDocument,
    PaymentListChangedDocument,
    { first: PAGE, after, filter },
    { filter },
  )

  function change(name: string, value: string, replace = false): void {
    setParameters(
      (old) => {
        const next = new URLSearchParams(old)
        next.delete('after')
        if (value) next.set(name, value)
        else next.delete(name)
        return next
      },
      { replace },
    )
  }

  const payments = data?.payments.edges.map(({ node }) => node) ?? []
  const filtered = kind !== 'all' || search !== '' || days !== null
  return (
    <Page title={t('nav.payments')} note={t('payments.note')}>
      {(filtered || loading || payments.length > 0) && (
        <div className="filters">
          <Search value={search} onChange={(text) => change('q', text, true)} />
          <div className="filter-line">
            <fieldset className="segments">
              <legend className="unseen">{t('payments.show')}</legend>
              {(Object.keys(KINDS) as Kind[]).map((name) => (
                <label key={name} className="segment">
                  <input
                    type="radio"
                    name="show"
                    checked={name === kind}
                    onChange={() => change('show', name === 'all' ? '' : name)}
                  />
                  <span>{t(`payments.show.${name}`)}</span>
                </label>
              ))}
            </fieldset>
            <select
              className="input select"
              aria-label={t('payments.period')}
              value={days ?? ''}
              onChange={(event) => change('days', event.target.value)}
            >
              <option value="">{t('payments.period.all')}</option>
              {DAYS.map((number) => (
                <option key={number} value={number}>
                  {t('payments.period.days', { days: Number(number) })}
                </option>
              ))}
            </select>
          </div>
        </div>
      )}
      {error && !data ? (
        <Refusal of={error} onRetry={retry} />
      ) : loading ? (
        <Skeleton lines={8} tall />
      ) : payments.length > 0 ? (
        <>
          <PaymentRows of={payments} />
          <Pager
            info={data?.payments.pageInfo}
            newest={after ? t('payments.newest') : null}
            older={t('payments.older')}
          />
        </>
      ) : filtered ? (
        <Empty icon="search" title={t('payments.none.title')}>
          <p>{t('payments.none.body')}</p>
          <Link href="/payments" className="button button-plain">
            {t('payments.none.reset')}
          </Link>
        </Empty>
      ) : (
        <NoPayments />
      )}
    </Page>
  )
}

function NoPayments(): ReactNode {
  const { t } = useText()
  const { merchant } = useMerchant()
  return (
    <Empty icon="payments" title={t('payments.empty.title')}>
      <p>{merchant.canAcceptPayments ? t('payments.empty.ready') : t('payments.empty.notReady')}</p>
      {!merchant.canAcceptPayments && (
        <Link href="/" className="go">
          {t('payments.empty.next')}
          <Icon name="next" small />
        </Link>
      )}
    </Empty>
  )
}

/** The API is asked when the person has stopped typing. */
const TYPING_MS = 300

function Search({ value, onChange }: { value: string; onChange: (value: string) => void }): ReactNode {
  const { t } = useText()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts the timer
  useEffect(() => {
    if (text.trim() === value) return undefined
    const timer = setTimeout(() => onChange(text.trim()), TYPING_MS)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <div className="with-icon">
      <Icon name="search" small />
      <input
        type="search"
        className="input"
        aria-label={t('payments.search')}
        placeholder={t('payments.search')}
        maxLength={255}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  )
}

/** The first midnight of that many days, of which today is the last. */
function firstOf(days: number): string {
  const date = new Date()
  date.setHours(0, 0, 0, 0)
  date.setDate(date.getDate() - days + 1)
  return date.toISOString()
}
