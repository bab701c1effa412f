import { paymentStates, statusWords } from '@connectql/client'
import type { ReactNode } from 'react'
import type { PaymentPartsFragment } from '../api/__generated__/documents.ts'
import { type Text, useText } from '../text/text.ts'
import { When } from '../ui/parts.tsx'

/** The API's sentence with the app's words for states: AWAITING_CUSTOMER reads "Not paid yet". */
function inWords(message: string, { t, told }: Text): string {
  return message.replace(/\b[A-Z]+(?:_[A-Z]+)*\b/g, (word) => {
    if (!(word in paymentStates)) return word
    const { label } = statusWords(word, paymentStates)
    return t('timeline.word', { word: told(label, `payment.state.${word}`) })
  })
}

type Entry = PaymentPartsFragment['timeline']['edges'][number]['node']

export function Timeline({ entries }: { entries: Entry[] }): ReactNode {
  const text = useText()
  const { t, told } = text
  if (entries.length === 0) return <p className="soft">{t('timeline.empty')}</p>
  return (
    <ol className="timeline">
      {entries.map((entry) => (
        <li key={entry.id} className={`timeline-${entry.kind.toLowerCase()}`}>
          <p>{told(inWords(entry.message, text), `timeline.${entry.kind}`)}</p>
          <p className="faint">
            <When at={entry.at} as="dayAndTime" />
            {entry.actor && ` · ${entry.actor}`}
          </p>
        </li>
      ))}
    </ol>
  )
}
