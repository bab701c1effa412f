import { type ReactNode, useState } from 'react'
import { addressOf, type Problem, useLeaving, useOnboarding } from '../api/stripe.ts'
import { useMerchant } from '../app/merchant.tsx'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Button, When } from '../ui/parts.tsx'
import { Refusal } from '../ui/Refusal.tsx'

const STRIPE_SUPPORT = 'https://support.stripe.com/contact'

/** The one prominent button of the overview, or a sentence if nobody can do anything. */
export function NextStep(): ReactNode {
  const { t, told } = useText()
  const { merchant } = useMerchant()
  const { kind, by, label, message, isActionable, deadline, url } = merchant.nextAction
  const onboard = useOnboarding()
  const [busy, setBusy] = useLeaving()
  const [refusal, setRefusal] = useState<Problem | null>(null)

  async function start(): Promise<void> {
    setBusy(true)
    setRefusal(null)
    const result = await onboard({ merchant: { externalId: merchant.externalId }, returnTo: addressOf('') })
    setRefusal(result)
    // Without a refusal the browser is on its way to Stripe, so the button stays busy.
    if (result) setBusy(false)
  }

  const text = told(label, message)
  const address = url ?? (kind === 'CONTACT_STRIPE' ? STRIPE_SUPPORT : null)
  if (kind === 'NONE') return null
  if (!isActionable) return <p className="next-wait">{text}</p>
  const byForm = kind === 'START_ONBOARDING' || kind === 'RESUME_ONBOARDING'
  return (
    <div className="next">
      <div className="actions">
        {byForm ? (
          <Button large busy={busy} onClick={start}>
            {text}
          </Button>
        ) : address ? (
          <a
            className={`button button-large button-${by === 'MERCHANT' ? 'primary' : 'plain'}`}
            href={address}
            target="_blank"
            rel="noopener noreferrer"
          >
            {text}
            <Icon name="out" small />
            <span className="unseen"> {t('app.newTab')}</span>
          </a>
        ) : (
          <p className="next-wait">{text}</p>
        )}
        {deadline && (
          <span className="next-deadline">
            <Icon name="clock" small />
            <span>
              {t('overview.deadline')} <When at={deadline} as="day" /> (<When at={deadline} as="distance" />)
            </span>
          </span>
        )}
      </div>
      {byForm && <p className="faint">{t('overview.sameTab')}</p>}
      {refusal && <Refusal of={refusal} onRetry={start} />}
    </div>
  )
}
