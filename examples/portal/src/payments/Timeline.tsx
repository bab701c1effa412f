import type { ReactNode } from 'react'
import type { PaymentPartsFragment } from '../api/__generated__/documents.ts'
import { isKey, type Text, useText } from '../text/text.ts'
import { When } from '../ui/parts.tsx'

/** The API's sentence with the app's words for states: AWAITING_CUSTOMER reads "Not paid yet". */
function inWords(message: string, t: Text['t']): string {
  return message.replace(/\b[A-Z]+(?:_[A-Z]+)*\b/g, (word) => {
    const key = `payment.state.${word}`
    return isKey(key) ? t('timeline.word', { word: t(key) }) : word
  })
}

type Entry = PaymentPartsFragment['timeline']['edges'][number]['node']

export function Timeline({ entries }: { entries: Entry[] }): ReactNode {
  const { t, told } = useText()
  if (entries.length === 0) return <p className="soft">{t('timeline.empty')}</p>
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <li key={entry.id} className={`timeline-${entry.kind.toLowerCase()}`}>
          <p>{told(inWords(entry.message, t), `timeline.${entry.kind}`)}</p>
          <p className="faint">
            <When at={entry.at} as="dayAndTime" />
            {entry.actor && ` · ${entry.actor}`}
          </p>
        </li>
      ))}
    </ol>
  )
}
