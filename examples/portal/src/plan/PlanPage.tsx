import { isRefusal } from '@connectql/client'
import { type ReactNode, useState } from 'react'
import { useClient } from 'urql'
import {
  BillingPortalDocument,
  type InvoicePartsFragment,
  type MerchantPartsFragment,
  StartServiceDocument,
} from '../api/__generated__/documents.ts'
import { addressOf, type Problem, useLeaving } from '../api/stripe.ts'
import { useMerchant } from '../app/merchant.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Button, Chip, Empty, Money, Notice, Out, Page, Section, When } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'
import { ACCESS_TONES, INVOICE_TONES } from '../ui/tones.ts'

type Service = NonNullable<MerchantPartsFragment['service']>

/** The merchant's subscription to the platform itself. */
export function PlanPage(): ReactNode {
  const { t, told } = useText()
  const { merchant } = useMerchant()
  const service = merchant.service
  if (!service) {
    return (
      <Page title={t('nav.plan')} note={t('plan.note')}>
        <Empty icon="plan" title={t('plan.empty.title')}>
          <p>{t('plan.empty.body')}</p>
          <Leave text={t('plan.begin')} primary by="service" />
        </Empty>
      </Page>
    )
  }
  const ended = service.status === 'CANCELED' || service.status === 'INCOMPLETE_EXPIRED'
  return (
    <Page
      title={t('nav.plan')}
      note={told(service.summary, `service.${service.status}`)}
      aside={
        <Chip tone={ACCESS_TONES[service.access] ?? 'neutral'}>{t(`plan.access.${service.access}`)}</Chip>
      }
    >
      <Overdue service={service} />
      <Terms service={service} />
      {ended ? (
        <Leave text={t('plan.again')} primary by="service" />
      ) : (
        <Leave text={t('plan.manage')} primary={service.access !== 'FULL'} by="portal" />
      )}
      <Invoices invoices={service.invoices} />
    </Page>
  )
}

function Overdue({ service }: { service: Service }): ReactNode {
  const { t } = useText()
  const { day, distance } = useFormat()
  const { graceUntil, dunning, access } = service
  if (!dunning && access !== 'GRACE') return null
  return (
    <Notice
      tone={access === 'NONE' ? 'critical' : 'warning'}
      title={
        graceUntil
          ? access === 'GRACE'
            ? t('plan.grace', { day: day(graceUntil), distance: distance(graceUntil) })
            : t('plan.graceEnded', { day: day(graceUntil) })
          : t('plan.overdue')
      }
    >
      {dunning && (
        <>
          <p>
            {dunning.attempts > 0 && t('plan.attempts', { count: dunning.attempts })}{' '}
            {dunning.nextAttemptAt && t('plan.nextAttempt', { day: day(dunning.nextAttemptAt) })}
          </p>
          <ul>
            {dunning.invoices.map((invoice) => (
              <li key={invoice.stripeInvoiceId} className="actions">
                <strong>
                  <Money of={invoice.remaining} />
                </strong>
                {invoice.hostedUrl && <Out to={invoice.hostedUrl}>{t('plan.pay')}</Out>}
              </li>
            ))}
          </ul>
        </>
      )}
    </Notice>
  )
}

function Terms({ service }: { service: Service }): ReactNode {
  const { t } = useText()
  const dates: [string, string | null | undefined][] = [
    [t('plan.trialEnds'), service.status === 'TRIALING' ? service.trialEndsAt : null],
    [t('plan.ends'), service.cancelAt],
    [t('plan.ended'), service.endedAt],
    [t('plan.renews'), service.cancelAt || service.endedAt ? null : service.currentPeriodEndsAt],
  ]
  return (
    <div className="sheet terms">
      <ul>
        {service.items.map((item) => (
          <li key={item.stripePriceId} className="terms-price">
            <span className="figure">
              <Money of={item.unitAmount} />
            </span>
            <span className="soft">
              {t('plan.interval', { count: item.intervalCount, unit: item.interval })}
              {item.quantity > 1 && ` · ${t('plan.quantity', { count: item.quantity })}`}
            </span>
          </li>
        ))}
      </ul>
      <dl className="facts">
        {dates.map(
          ([label, at]) =>
            at && (
              <div key={label}>
                <dt>{label}</dt>
                <dd>
                  <When at={at} as="day" />
                </dd>
              </div>
            ),
        )}
      </dl>
    </div>
  )
}

/** A button that leads to a page of Stripe's in the same tab. */
function Leave({
  text,
  primary,
  by,
}: {
  text: string
  primary: boolean
  by: 'service' | 'portal'
}): ReactNode {
  const { t } = useText()
  const client = useClient()
  const { merchant } = useMerchant()
  const [busy, setBusy] = useLeaving()
  const [problem, setProblem] = useState<Problem | null>(null)

  async function leave(): Promise<void> {
    setBusy(true)
    setProblem(null)
    const whose = { externalId: merchant.externalId }
    const plan = addressOf('plan')
    const { result, error } =
      by === 'service'
        ? await client
            .mutation(StartServiceDocument, { input: { merchant: whose, successUrl: plan, cancelUrl: plan } })
            .then(({ data, error }) => ({ result: data?.startService, error }))
        : await client
            .mutation(BillingPortalDocument, { input: { merchant: whose, returnTo: plan } })
            .then(({ data, error }) => ({ result: data?.createBillingPortalLink, error }))
    if (result && !isRefusal(result)) {
      location.assign(result.url)
      return
    }
    setProblem(result ?? error ?? null)
    setBusy(false)
  }

  return (
    <div className="next">
      <div className="actions">
        <Button kind={primary ? 'primary' : 'plain'} busy={busy} onClick={leave}>
          {text}
        </Button>
        <span className="faint">{t('plan.atStripe')}</span>
      </div>
      {problem && <Refusal of={problem} onRetry={leave} />}
    </div>
  )
}

function Invoices({ invoices }: { invoices: InvoicePartsFragment[] }): ReactNode {
  const { t } = useText()
  if (invoices.length === 0) return null
  return (
    <Section title={t('plan.invoices')}>
      <ul className="sheet rows">
        {invoices.map((invoice) => (
          <li key={invoice.stripeInvoiceId} className="row">
            <span className="row-main">
              <span className="row-name">
                {invoice.hostedUrl ? (
                  <Out to={invoice.hostedUrl}>{invoice.number ?? t('plan.invoice')}</Out>
                ) : (
                  (invoice.number ?? t('plan.invoice'))
                )}
              </span>
              <span className="row-under">
                {invoice.createdAt && <When at={invoice.createdAt} as="day" />}
                {invoice.dueAt && invoice.status === 'OPEN' && (
                  <span>
                    {t('plan.due')} <When at={invoice.dueAt} as="day" />
                  </span>
                )}
              </span>
            </span>
            <span className="row-end">
              <span className="row-amount">
                <Money of={invoice.total} />
              </span>
              <Chip tone={INVOICE_TONES[invoice.status] ?? 'neutral'}>
                {t(`invoice.status.${invoice.status}`)}
              </Chip>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
