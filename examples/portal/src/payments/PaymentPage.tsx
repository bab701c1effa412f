import { type ReactNode, useRef, useState } from 'react'
import { Link } from 'wouter'
import {
  PaymentChangedDocument,
  PaymentDocument,
  type PaymentPartsFragment,
} from '../api/__generated__/documents.ts'
import { useLive } from '../api/live.ts'
import { useMerchant } from '../app/merchant.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Button, Empty, Money, Notice, Page, Section, Skeleton, When } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'
import { PaymentChip, paymentKey, StatusChip } from '../ui/StatusChip.tsx'
import { methodName, paymentName } from './PaymentRows.tsx'
import { NO_ATTEMPT, RefundDialog } from './RefundDialog.tsx'
import { Timeline } from './Timeline.tsx'

export function PaymentPage({ id }: { id: string }): ReactNode {
  const text = useText()
  const { t } = text
  const { data, error, loading, retry } = useLive(
    PaymentDocument,
    PaymentChangedDocument,
    { by: { id } },
    { by: { id } },
  )
  const back = { to: '/payments', text: t('nav.payments') }
  const payment = data?.payment
  if (payment) return <Payment payment={payment} />
  return (
    <Page title={t('payment.title')} back={back}>
      {loading ? (
        <Skeleton lines={6} tall />
      ) : error ? (
        <Refusal of={error} onRetry={retry} />
      ) : (
        <Empty icon="search" title={t('payment.missing.title')}>
          <p>{t('payment.missing.body')}</p>
        </Empty>
      )}
    </Page>
  )
}

function Payment({ payment }: { payment: PaymentPartsFragment }): ReactNode {
  const text = useText()
  const { t, told } = text
  return (
    <Page
      title={paymentName(payment, text)}
      back={{ to: '/payments', text: t('nav.payments') }}
      note={told(payment.summary, `${paymentKey(payment)}.summary`)}
      aside={<PaymentChip payment={payment} />}
    >
      <Amount payment={payment} />
      <Warnings payment={payment} />
      <Bookings payment={payment} />
      <Refunds payment={payment} />
      <Disputes payment={payment} />
      <Section title={t('payment.timeline')}>
        <Timeline entries={payment.timeline.edges.map(({ node }) => node)} />
      </Section>
      <Details payment={payment} />
    </Page>
  )
}

/** The amount, and the refund if it is possible. */
function Amount({ payment }: { payment: PaymentPartsFragment }): ReactNode {
  const { t } = useText()
  const { mayRefund } = useMerchant()
  const [refunding, setRefunding] = useState(false)
  const attempt = useRef(NO_ATTEMPT)
  const { amount, amountRefunded, amountReceived } = payment
  const left = (amountReceived?.minorUnits ?? 0) - (amountRefunded?.minorUnits ?? 0)
  const refundable = payment.state === 'SUCCEEDED' && left > 0
  return (
    <div className="payment-amount">
      <p className="figure figure-large">
        <Money of={amount} />
      </p>
      {amountRefunded && amountRefunded.minorUnits > 0 && (
        <p className="soft">
          {t('payment.refunded')} <Money of={amountRefunded} />
        </p>
      )}
      {refundable &&
        (mayRefund ? (
          <div className="actions">
            <Button kind="plain" icon="refund" onClick={() => setRefunding(true)}>
              {t('refund.open')}
            </Button>
          </div>
        ) : (
          <p className="faint">{t('refund.byPlatform')}</p>
        ))}
      {refunding && (
        <RefundDialog payment={payment} left={left} attempt={attempt} onClose={() => setRefunding(false)} />
      )}
    </div>
  )
}

function Warnings({ payment }: { payment: PaymentPartsFragment }): ReactNode {
  const { t, told } = useText()
  const { failure } = payment
  const warnings = payment.disputeWarnings.filter((warning) => warning.actionable)
  return (
    <>
      {warnings.map((warning) => (
        <Notice key={warning.stripeWarningId} tone="warning" title={t('payment.warning')}>
          <p>{told(warning.explanation, 'payment.warning')}</p>
        </Notice>
      ))}
      {failure && (
        <Notice tone="warning" title={t('payment.failed')}>
          <p>{told(failure.payerMessage, `decline.${failure.declineCode ?? failure.code}`)}</p>
          <p className="soft">{t(`payment.retry.${failure.retry}`)}</p>
        </Notice>
      )}
    </>
  )
}

/** The way from the price to the merchant's balance. */
function Bookings({ payment }: { payment: PaymentPartsFragment }): ReactNode {
  const { t } = useText()
  const { percent, money } = useFormat()
  const { amountReceived, applicationFee, applicationFeeRefunded, appliedFee, stripeFee, net } = payment
  if (!amountReceived || amountReceived.minorUnits === 0) return null
  const terms =
    appliedFee?.basisPoints == null
      ? null
      : [
          appliedFee.basisPoints > 0 && percent(appliedFee.basisPoints),
          appliedFee.flat && appliedFee.flat.minorUnits > 0 && money(appliedFee.flat),
        ]
          .filter(Boolean)
          .join(' + ')
  return (
    <Section title={t('payment.money')}>
      <dl className="sheet ledger numbers">
        <div>
          <dt>{t('payment.paid')}</dt>
          <dd>
            <Money of={amountReceived} />
          </dd>
        </div>
        {(applicationFee ?? appliedFee?.fee) && (
          <div>
            <dt>
              {t('payment.fee')} {terms && <span className="faint">{terms}</span>}
            </dt>
            <dd>
              −<Money of={applicationFee ?? appliedFee?.fee} />
            </dd>
          </div>
        )}
        {stripeFee && (
          <div>
            <dt>{t('payment.stripeFee')}</dt>
            <dd>
              −<Money of={stripeFee} />
            </dd>
          </div>
        )}
        <div className="ledger-sum">
          <dt>{t('payment.net')}</dt>
          <dd>{net ? <Money of={net} /> : <span className="faint">{t('payment.notBooked')}</span>}</dd>
        </div>
        {/* The sum is that of the payment, before refunds. */}
        {applicationFeeRefunded && applicationFeeRefunded.minorUnits > 0 && (
          <div>
            <dt>{t('payment.feeReturned')}</dt>
            <dd>
              <Money of={applicationFeeRefunded} />
            </dd>
          </div>
        )}
      </dl>
    </Section>
  )
}

function Refunds({ payment }: { payment: PaymentPartsFragment }): ReactNode {
  const { t, told } = useText()
  if (payment.refunds.length === 0) return null
  return (
    <Section title={t('payment.refunds', { count: payment.refunds.length })}>
      <ul className="sheet rows">
        {payment.refunds.map((refund) => (
          <li key={refund.id} className="row">
            <span className="row-main">
              <span className="row-name">{told(refund.explanation, `refund.${refund.state}`)}</span>
              <span className="row-under">
                {refund.createdAt && <When at={refund.createdAt} as="dayAndTime" />}
                {refund.reference && <span>{t('refund.reference', { reference: refund.reference })}</span>}
              </span>
            </span>
            <span className="row-end">
              <span className="row-amount">
                <Money of={refund.amount} />
              </span>
              <StatusChip of="refund" status={refund.state} />
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Disputes({ payment }: { payment: PaymentPartsFragment }): ReactNode {
  const { t, told } = useText()
  if (payment.disputes.length === 0) return null
  return (
    <Section title={t('payment.disputes', { count: payment.disputes.length })}>
      <ul className="sheet rows">
        {payment.disputes.map((dispute) => (
          <li key={dispute.id}>
            <Link href={`/disputes/${dispute.id}`} className="row">
              <span className="row-main">
                <span className="row-name">
                  {told(dispute.explanation, `dispute.reason.${dispute.reason}`)}
                </span>
                <span className="row-under">
                  {dispute.nextAction.deadline ? (
                    <span>
                      {t('dispute.until')} <When at={dispute.nextAction.deadline} as="day" />
                    </span>
                  ) : (
                    told(dispute.nextAction.label, `dispute.next.${dispute.nextAction.kind}`)
                  )}
                </span>
              </span>
              <span className="row-end">
                <span className="row-amount">
                  <Money of={dispute.amount} />
                </span>
                <StatusChip of="dispute" status={dispute.status} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Details({ payment }: { payment: PaymentPartsFragment }): ReactNode {
  const text = useText()
  const { t } = text
  const method = methodName(payment.method, text)
  return (
    <Section title={t('payment.details')}>
      <dl className="facts">
        <div>
          <dt>{t('payment.created')}</dt>
          <dd>
            <When at={payment.createdAt} as="dayAndTime" />
          </dd>
        </div>
        {method && (
          <div>
            <dt>{t('payment.methodLabel')}</dt>
            <dd>{method}</dd>
          </div>
        )}
        {payment.captureBefore && (
          <div>
            <dt>{t('payment.captureBefore')}</dt>
            <dd>
              <When at={payment.captureBefore} as="dayAndTime" />
            </dd>
          </div>
        )}
        {payment.externalId && (
          <div>
            <dt>{t('payment.order')}</dt>
            <dd>{payment.externalId}</dd>
          </div>
        )}
        {payment.stripePaymentIntentId && (
          <div>
            <dt>{t('payment.stripeId')}</dt>
            <dd className="code">{payment.stripePaymentIntentId}</dd>
          </div>
        )}
        <div>
          <dt>{t('payment.origin')}</dt>
          <dd className="with-small-icon">
            <Icon name={payment.origin === 'STRIPE' ? 'out' : 'check'} small />
            {t(`payment.origin.${payment.origin}`)}
          </dd>
        </div>
      </dl>
    </Section>
  )
}
