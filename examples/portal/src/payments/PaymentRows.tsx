import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { PaymentRowFragment } from '../api/__generated__/documents.ts'
import { dayOf, useFormat } from '../text/format.ts'
import { type Text, useText } from '../text/text.ts'
import { Money, When } from '../ui/parts.tsx'
import { PaymentChip } from '../ui/StatusChip.tsx'

/** The name of a payment: its description, or the platform's id of the order. */
export function paymentName(
  payment: Pick<PaymentRowFragment, 'description' | 'externalId'>,
  { t }: Text,
): string {
  return payment.description || payment.externalId || t('payment.unnamed')
}

/** The payment method in words: Visa •••• 4242. */
export function methodName(method: PaymentRowFragment['method'], { t }: Text): string | null {
  if (!method) return null
  const word = method.brand ?? method.type
  const name = word.slice(0, 1).toUpperCase() + word.slice(1).replaceAll('_', ' ')
  return method.last4 ? t('payment.method', { name, last4: method.last4 }) : name
}

interface RowsProps {
  of: PaymentRowFragment[]
  /** Whether each row has its date, in place of a heading for each day. */
  dated?: boolean
}

export function PaymentRows({ of, dated = false }: RowsProps): ReactNode {
  const format = useFormat()
  if (dated) return <List of={of} dated />
  const days = Map.groupBy(of, (payment) => dayOf(payment.createdAt))
  return [...days].map(([day, payments]) => (
    <section key={day} className="day">
      <h2>{format.heading(payments[0]?.createdAt ?? day)}</h2>
      <List of={payments} />
    </section>
  ))
}

function List({ of, dated = false }: RowsProps): ReactNode {
  const text = useText()
  return (
    <ul className="sheet rows">
      {of.map((payment) => {
        const method = methodName(payment.method, text)
        return (
          <li key={payment.id}>
            <Link href={`/payments/${payment.id}`} className="row">
              <span className="row-main">
                <span className="row-name">{paymentName(payment, text)}</span>
                <span className="row-under">
                  <When at={payment.createdAt} as={dated ? 'dayAndTime' : 'time'} />
                  {method && <span>{method}</span>}
                </span>
              </span>
              <span className="row-end">
                <span className="row-amount">
                  <Money of={payment.amount} />
                </span>
                <PaymentChip payment={payment} />
              </span>
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
