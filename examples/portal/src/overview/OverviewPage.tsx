import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { Settings } from '../api/settings.ts'
import { useMerchant } from '../app/merchant.tsx'
import { isAlarming } from '../payouts/Obstacles.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Chip, Heading, Money, Section, When } from '../ui/parts.tsx'
import { toneOf } from '../ui/tones.ts'
import { Banner } from './Banner.tsx'
import { DashboardTasks } from './DashboardTasks.tsx'
import { Errands } from './Errands.tsx'
import { NextStep } from './NextStep.tsx'
import { RecentPayments } from './RecentPayments.tsx'
import { Welcome } from './Welcome.tsx'

export function OverviewPage({ settings }: { settings: Settings }): ReactNode {
  const { t, told } = useText()
  const { merchant } = useMerchant()
  const { summary, summaryMessages } = merchant
  const [message, second] = summaryMessages
  // A translation replaces the whole text. Of the API's own text, the first sentence is the headline.
  const translated = second ? summary : told(summary, message)
  const [headline = summary, ...more] = translated === summary ? sentences(summary) : [translated]
  // The text is about the account. A dispute or a failed payout still needs the merchant.
  const calm = message?.key === 'summary.active' && merchant.nextAction.by === 'MERCHANT'
  return (
    <div className="page">
      <Welcome />
      <Banner settings={settings} />
      <header className="hero">
        <div className="hero-status">
          <Chip key={merchant.status} tone={toneOf(merchant.statusTone)}>
            {told(merchant.statusTitle, `merchant.status.${merchant.status}`)}
          </Chip>
          <span className="faint">
            {t('overview.since')} <When at={merchant.statusSince} as="day" />
          </span>
        </div>
        <Heading>{calm ? t('overview.but') : headline}</Heading>
        {more.length > 0 && <p className="hero-more">{more.join(' ')}</p>}
        <NextStep />
        <ul className="lamps">
          <Lamp on={merchant.canAcceptPayments} text={t('overview.payments')} />
          <Lamp on={merchant.canReceivePayouts} text={t('overview.payouts')} />
        </ul>
      </header>
      <Errands />
      <MoneyNow />
      {merchant.onboarding.everActiveAt && <RecentPayments />}
      <DashboardTasks />
    </div>
  )
}

/** The sentences of a text. */
function sentences(text: string): string[] {
  return text.split(/(?<=[.!?]) (?=\p{Lu})/u)
}

function Lamp({ on, text }: { on: boolean; text: string }): ReactNode {
  const { t } = useText()
  return (
    <li className={on ? 'lamp lamp-on' : 'lamp'}>
      <Icon name={on ? 'check' : 'close'} small />
      {text}
      <span className="lamp-word">{on ? t('overview.on') : t('overview.off')}</span>
    </li>
  )
}

/** The balance in one line for each currency, and the day of the next payout. */
function MoneyNow(): ReactNode {
  const { t } = useText()
  const { merchant } = useMerchant()
  const format = useFormat()
  const { balance, payoutSchedule, payoutObstacles } = merchant
  if (!balance || balance.amounts.length === 0) return null
  return (
    <Section title={t('overview.balance')} more={{ to: '/payouts', text: t('nav.payouts') }}>
      <div className="sheet balance-line">
        <dl className="balance-figures">
          {balance.amounts.map((amount) => (
            <div key={amount.currency}>
              <dt>{t('balance.available', { currency: amount.currency })}</dt>
              <dd className="figure">
                <Money of={amount.available} />
              </dd>
              <dd className="faint">{t('balance.pendingShort', { amount: format.money(amount.pending) })}</dd>
            </div>
          ))}
        </dl>
        <p className="balance-next">
          {isAlarming(payoutObstacles) ? (
            <Link href="/payouts" className="go">
              {t('payouts.why')}
            </Link>
          ) : payoutSchedule?.nextPayoutEstimate ? (
            <>
              <span className="faint">{t('payouts.next')}</span>
              <strong>
                <When at={payoutSchedule.nextPayoutEstimate} as="day" />
              </strong>
            </>
          ) : null}
        </p>
      </div>
    </Section>
  )
}
