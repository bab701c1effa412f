import { type ReactNode, useState } from 'react'
import { takeReturn } from '../api/stripe.ts'
import { useMerchant } from '../app/merchant.tsx'
import { useText } from '../text/text.ts'
import { Notice } from '../ui/parts.tsx'

/**
 * A greeting after the way to Stripe and back.
 *
 * The address only hints at what happened. The text follows the merchant, which changes by itself.
 */
export function Welcome(): ReactNode {
  const { t } = useText()
  const { merchant } = useMerchant()
  // The first visit of the overview shows the greeting; a later one does not.
  const [greeting] = useState(takeReturn)
  if (!greeting) return null
  if (greeting.outcome !== 'returned') {
    return (
      <Notice tone="warning" title={t(`welcome.${greeting.outcome}.title`)} announced>
        <p>{t(`welcome.${greeting.outcome}.body`)}</p>
      </Notice>
    )
  }
  const waits = merchant.nextAction.by === 'MERCHANT' && merchant.requirements.dueCount > 0
  const state = merchant.canAcceptPayments ? 'ready' : waits ? 'unfinished' : 'review'
  return (
    <Notice tone={state === 'ready' ? 'positive' : 'waiting'} title={t(`welcome.${state}.title`)} announced>
      <p>{t(`welcome.${state}.body`)}</p>
    </Notice>
  )
}
