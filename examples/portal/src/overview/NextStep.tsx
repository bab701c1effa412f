import { useStartOnboarding } from '@connectql/client/react'
import type { ReactNode } from 'react'
import type { RefusalPartsFragment } from '../api/__generated__/documents.ts'
import { addressOf, problemOf, useExecute } from '../api/stripe.ts'
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
  const onboarding = useStartOnboarding(useExecute())
  const begin = () =>
    onboarding.start({ merchant: { externalId: merchant.externalId }, returnTo: addressOf('') })
  const problem = (onboarding.refusal as RefusalPartsFragment | null) ?? problemOf(onboarding.error)

  const text = told(label, message)
  const address = url ?? (kind === 'CONTACT_STRIPE' ? STRIPE_SUPPORT : null)
  if (kind === 'NONE') return null
  if (!isActionable) return <p className="next-wait">{text}</p>
  const byForm = kind === 'START_ONBOARDING' || kind === 'RESUME_ONBOARDING'
  return (
    <div className="next">
      <div className="actions">
        {byForm ? (
          <Button large busy={onboarding.isStarting} onClick={begin}>
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
      {problem && <Refusal of={problem} onRetry={begin} />}
    </div>
  )
}
