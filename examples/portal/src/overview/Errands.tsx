import type { ReactNode } from 'react'
import type { ErrandPartsFragment } from '../api/__generated__/documents.ts'
import { useMerchant } from '../app/merchant.tsx'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Icon } from '../ui/icons.tsx'
import { Chip, Notice, Section, When } from '../ui/parts.tsx'
import type { Tone } from '../ui/tones.ts'

const TONES: Record<NonNullable<ErrandPartsFragment['urgency']>, Tone> = {
  OVERDUE: 'critical',
  NOW: 'warning',
  SOON: 'warning',
  LATER: 'neutral',
}

/** The information that Stripe needs, each with its help; then what Stripe is checking. */
export function Errands(): ReactNode {
  const { t } = useText()
  const { merchant } = useMerchant()
  const { requirements, futureRequirements } = merchant
  const mine = requirements.groups.filter((group) => group.awaitingActionFrom === 'MERCHANT')
  const now = mine.filter((group) => group.urgency !== 'LATER')
  const later = mine.filter((group) => group.urgency === 'LATER')
  const reviewed = requirements.groups.filter((group) => group.awaitingActionFrom === 'STRIPE')
  return (
    <>
      {now.length > 0 && (
        <Section
          title={t('errands.title', { count: now.length })}
          note={
            requirements.nearestDeadline && (
              <>
                {t('errands.until')} <When at={requirements.nearestDeadline} as="day" />
              </>
            )
          }
        >
          <List of={now} />
        </Section>
      )}
      {reviewed.length > 0 && (
        <Section title={t('errands.review', { count: reviewed.length })}>
          <ul className="sheet rows">
            {reviewed.map((group, place) => (
              <li key={identity(group, place)} className="errand-review">
                <Icon name="clock" small />
                <span>
                  <Title of={group} />
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {later.length > 0 && (
        <Section title={t('errands.later')} note={t('errands.laterNote')}>
          <List of={later} />
        </Section>
      )}
      <Future groups={futureRequirements.groups} at={futureRequirements.transitionsAt} />
    </>
  )
}

function Future({ groups, at }: { groups: ErrandPartsFragment[]; at: string | null | undefined }): ReactNode {
  const { t, told } = useText()
  const { day } = useFormat()
  const mine = groups.filter((group) => group.awaitingActionFrom === 'MERCHANT')
  if (!at || mine.length === 0) return null
  return (
    <Notice tone="waiting" icon="calendar" title={t('errands.future', { count: mine.length, day: day(at) })}>
      <p>{mine.map(({ key, title }) => told(title, key && `group.${key}`)).join(', ')}</p>
    </Notice>
  )
}

function List({ of }: { of: ErrandPartsFragment[] }): ReactNode {
  const { t, told } = useText()
  return (
    <ul className="sheet rows">
      {of.map((group, place) => (
        <li key={identity(group, place)} className="errand">
          <details open={group.errors.length > 0}>
            <summary>
              <span className="errand-title">
                <Title of={group} />
              </span>
              {group.errors.length > 0 ? (
                <Chip tone="critical">{t('errands.refused')}</Chip>
              ) : (
                group.urgency &&
                group.urgency !== 'LATER' &&
                group.urgency !== 'NOW' && (
                  <Chip tone={TONES[group.urgency] ?? 'neutral'}>
                    {t(`errands.urgency.${group.urgency}`)}
                  </Chip>
                )
              )}
              <Icon name="down" small />
            </summary>
            <div className="errand-help">
              {group.errors.map((error) => (
                <p key={error.code} className="errand-error">
                  {told(error.explanation, `error.${error.code}`)}
                </p>
              ))}
              <p>{told(group.help ?? t('errands.help'), group.key && `group.${group.key}.help`)}</p>
            </div>
          </details>
        </li>
      ))}
    </ul>
  )
}

function Title({ of: { key, title, person } }: { of: ErrandPartsFragment }): ReactNode {
  const { told } = useText()
  return (
    <>
      {told(title, key && `group.${key}`)}
      {person && <span className="errand-person">{person.name ?? person.label}</span>}
    </>
  )
}

/** A stable identity: the entries of a group change less often than its place. */
function identity(group: ErrandPartsFragment, place: number): string {
  return group.items[0]?.key ?? `${group.title} ${place}`
}
