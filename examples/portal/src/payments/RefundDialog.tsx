import { decimalText, isRefusal, parseMinorUnits } from '@connectql/client'
import { type FormEvent, type ReactNode, type RefObject, useId, useState } from 'react'
import { useMutation } from 'urql'
import {
  type PaymentPartsFragment,
  type RefundCause,
  RefundPaymentDocument,
  type RefundPaymentInput,
} from '../api/__generated__/documents.ts'
import type { Problem } from '../api/stripe.ts'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/text.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Button, Notice } from '../ui/parts.tsx'
import { Refusal, useExplained } from '../ui/Refusal.tsx'

const CAUSES: RefundCause[] = ['REQUESTED_BY_CUSTOMER', 'DUPLICATE', 'FRAUDULENT']

/** A refund whose outcome may be unknown: its id, and the input that it was sent with. */
interface Attempt {
  id: string
  minorUnits: number
  cause: RefundCause | ''
}

export const NO_ATTEMPT: Attempt = { id: '', minorUnits: 0, cause: '' }

interface RefundDialogProps {
  payment: PaymentPartsFragment
  /** What is not refunded yet, in minor units. */
  left: number
  /** Outlives the dialog: somebody may close it before the answer, and open it again. */
  attempt: RefObject<Attempt>
  onClose: () => void
}

export function RefundDialog({ payment, left, attempt, onClose }: RefundDialogProps): ReactNode {
  const { t, told } = useText()
  const { money } = useFormat()
  const explained = useExplained()
  const [{ fetching }, refund] = useMutation(RefundPaymentDocument)
  const currency = payment.amount?.currency ?? ''
  const exponent = payment.amount?.exponent ?? 2
  const of = (minorUnits: number) => money({ minorUnits, currency, exponent })
  const [text, setText] = useState(() => decimalText({ minorUnits: left, currency, exponent }))
  const [cause, setCause] = useState<RefundCause | ''>('')
  const [problem, setProblem] = useState<string | null>(null)
  const [refusal, setRefusal] = useState<Problem | null>(null)
  const [warning, setWarning] = useState<string | null>(null)
  const amountId = useId()
  const causeId = useId()

  const inquiry = payment.disputeState === 'INQUIRY'

  async function send(event?: FormEvent): Promise<void> {
    event?.preventDefault()
    const minorUnits = parseMinorUnits(text, exponent)
    setRefusal(null)
    if (!minorUnits) {
      setProblem(t('refund.amount.invalid'))
      return
    }
    setProblem(null)
    // A repeat with the same id and input cannot refund twice, so it keeps the reason of the first attempt.
    // Another amount is another refund, with another id.
    if (attempt.current.minorUnits !== minorUnits) {
      attempt.current = { id: crypto.randomUUID(), minorUnits, cause }
    }
    const first = attempt.current
    setCause(first.cause)
    const input: RefundPaymentInput = {
      payment: { id: payment.id },
      externalId: first.id,
      amount: { minorUnits, currency },
      ...(first.cause && { reason: first.cause }),
      // The form says what a partial refund means in this case.
      ...(inquiry && minorUnits < left && { duringInquiry: true }),
    }
    const { data, error } = await refund({ input })
    const result = data?.refundPayment
    if (!result) {
      setRefusal(error ?? null)
    } else if (isRefusal(result)) {
      const { fields, body } = explained(result)
      // A refused repeat of the same input stays refused, so the next attempt is a new one.
      if (result.__typename !== 'StripeUnavailableError') attempt.current = NO_ATTEMPT
      // A refusal that is about the amount belongs to its field.
      if (Object.keys(fields).some((name) => name.startsWith('amount'))) setProblem(body)
      else setRefusal(result)
    } else {
      attempt.current = NO_ATTEMPT
      if (result.warning) setWarning(told(result.warning, `refund.warning.${result.warningCode}`))
      else onClose()
    }
  }

  if (warning) {
    return (
      <Dialog title={t('refund.done')} onClose={onClose}>
        <div className="dialog-form">
          <Notice tone="warning" announced>
            <p>{warning}</p>
          </Notice>
          <Button onClick={onClose}>{t('app.close')}</Button>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title={t('refund.title')} onClose={onClose}>
      <form className="dialog-form" onSubmit={send} noValidate>
        <p className="soft">{t('refund.note', { left: of(left) })}</p>
        {inquiry && (
          <Notice tone="warning">
            <p>{t('refund.inquiry')}</p>
          </Notice>
        )}
        <div className="field">
          <label htmlFor={amountId}>{t('refund.amount', { currency })}</label>
          <input
            id={amountId}
            className="input numbers"
            inputMode="decimal"
            autoComplete="off"
            required
            value={text}
            aria-invalid={problem !== null}
            aria-describedby={problem ? `${amountId}-problem` : undefined}
            onChange={(event) => setText(event.target.value)}
          />
          {problem && (
            <p id={`${amountId}-problem`} className="field-error" role="alert">
              {problem}
            </p>
          )}
        </div>
        <div className="field">
          <label htmlFor={causeId}>{t('refund.reason')}</label>
          <select
            id={causeId}
            className="input select"
            value={cause}
            onChange={(event) => setCause(event.target.value as RefundCause | '')}
          >
            <option value="">{t('refund.reason.none')}</option>
            {CAUSES.map((one) => (
              <option key={one} value={one}>
                {t(`refund.reason.${one}`)}
              </option>
            ))}
          </select>
        </div>
        {refusal && <Refusal of={refusal} onRetry={() => void send()} />}
        <div className="dialog-actions">
          <Button kind="plain" onClick={onClose}>
            {t('app.cancel')}
          </Button>
          <Button type="submit" busy={fetching}>
            {t('refund.send', { amount: of(parseMinorUnits(text, exponent) ?? 0) })}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
