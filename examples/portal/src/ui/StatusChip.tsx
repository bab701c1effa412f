import { disputeStatuses, merchantStatuses, payoutStatuses, statusWords } from '@connectql/client'
import type { ReactNode } from 'react'
import { useText } from '../text/text.ts'
import { Chip } from './parts.tsx'
import { toneOf } from './tones.ts'

/** The words and tones of `@connectql/client`, so that the platform's staff read the same. */
const TABLES = { merchant: merchantStatuses, dispute: disputeStatuses, payout: payoutStatuses }

/** A catalog translates the word with a key such as `api.dispute.status.WON`. */
export function StatusChip({ of, status }: { of: keyof typeof TABLES; status: string }): ReactNode {
  const { told } = useText()
  const { label, tone } = statusWords(status, TABLES[of])
  return <Chip tone={toneOf(tone)}>{told(label, `${of}.status.${status}`)}</Chip>
}
