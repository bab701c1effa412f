import type { ReactNode } from 'react'
import { PaymentListChangedDocument, PaymentsDocument } from '../api/__generated__/documents.ts'
import { useLive } from '../api/live.ts'
import { PaymentRows } from '../payments/PaymentRows.tsx'
import { useText } from '../text/text.ts'
import { Section, Skeleton } from '../ui/parts.tsx'

const NO_FILTER = {}

export function RecentPayments(): ReactNode {
  const { t } = useText()
  const { data, loading } = useLive(
    PaymentsDocument,
    PaymentListChangedDocument,
    { first: 4, filter: NO_FILTER },
    { filter: NO_FILTER },
  )
  const payments = data?.payments.edges.map(({ node }) => node) ?? []
  if (!loading && payments.length === 0) return null
  return (
    <Section title={t('overview.recent')} more={{ to: '/payments', text: t('overview.all') }}>
      {loading ? <Skeleton lines={4} tall /> : <PaymentRows of={payments} dated />}
    </Section>
  )
}
