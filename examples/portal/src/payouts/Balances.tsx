import type { ReactNode } from 'react'
import { useMerchant } from '../app/merchant.tsx'
import { useText } from '../text/text.ts'
import { Money, Section, When } from '../ui/parts.tsx'

/** The balance of each currency. Amounts of different currencies are never added. */
export function Balances(): ReactNode {
  const { t } = useText()
  const { balance, payoutSchedule } = useMerchant().merchant
  if (!balance || balance.amounts.length === 0) return null
  return (
    <Section
      title={t('overview.balance')}
      note={
        balance.freshness.syncedAt && (
          <>
            {t('balance.asOf')} <When at={balance.freshness.syncedAt} as="dayAndTime" />
          </>
        )
      }
    >
      <div className="sheet balances">
        {balance.amounts.map((amount) => (
          <dl key={amount.currency} className="balance">
            <div className="balance-main">
              <dt>{t('balance.available', { currency: amount.currency })}</dt>
              <dd className={amount.available.minorUnits < 0 ? 'figure figure-negative' : 'figure'}>
                <Money of={amount.available} />
              </dd>
            </div>
            <div>
              <dt>{t('balance.pending')}</dt>
              <dd>
                <Money of={amount.pending} />
              </dd>
            </div>
            {amount.reserved.minorUnits !== 0 && (
              <div>
                <dt>{t('balance.reserved')}</dt>
                <dd>
                  <Money of={amount.reserved} />
                </dd>
              </div>
            )}
          </dl>
        ))}
        {payoutSchedule?.nextPayoutEstimate && (
          <p className="balance-foot">
            {t('payouts.next')}{' '}
            <strong>
              <When at={payoutSchedule.nextPayoutEstimate} as="day" />
            </strong>
            <span className="faint">{t('payouts.estimate')}</span>
          </p>
        )}
      </div>
    </Section>
  )
}
