import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useMerchant } from '../app/merchant.tsx'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Out, When } from '../ui/parts.tsx'

/** Reasons that are part of normal business. They need no alarm. */
const CALM = new Set([
  'NO_MONEY',
  'MONEY_PENDING',
  'SCHEDULE_MANUAL',
  'BELOW_MINIMUM',
  'UNDER_REVIEW',
  'ACCOUNT_NOT_READY',
])

export function isAlarming(obstacles: readonly { kind: string }[]): boolean {
  return obstacles.some(({ kind }) => !CALM.has(kind))
}

/** "Why am I not paid?": each reason with what to do, the most important first. */
export function Obstacles(): ReactNode {
  const { t, told } = useText()
  const { payoutObstacles } = useMerchant().merchant
  if (payoutObstacles.length === 0) return null
  return (
    <section className={isAlarming(payoutObstacles) ? 'why' : 'why why-calm'}>
      <h2>{t('payouts.why')}</h2>
      <ol>
        {payoutObstacles.map((obstacle, place) => (
          <li key={`${obstacle.kind} ${obstacle.payoutId ?? place}`}>
            <Icon name={CALM.has(obstacle.kind) ? 'clock' : 'alert'} />
            <div>
              <p className="why-reason">{told(obstacle.explanation, `obstacle.${obstacle.kind}`)}</p>
              <p>{told(obstacle.remedy, `obstacle.${obstacle.kind}.remedy`)}</p>
              <p className="why-under">
                {obstacle.since && (
                  <span className="faint">
                    {t('payouts.since')} <When at={obstacle.since} as="day" />
                  </span>
                )}
                {/* Of normal business, the remedy already tells that nobody must act. */}
                {obstacle.endedBy && !CALM.has(obstacle.kind) && (
                  <span className="faint">{t(`payouts.endedBy.${obstacle.endedBy}`)}</span>
                )}
              </p>
              <p className="actions">
                {obstacle.url && <Out to={obstacle.url}>{t('payouts.open')}</Out>}
                {obstacle.payoutId && (
                  <Link href={`/payouts/${obstacle.payoutId}`} className="go">
                    {t('payouts.see')}
                    <Icon name="next" small />
                  </Link>
                )}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
