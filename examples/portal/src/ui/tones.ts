import type { InvoicePartsFragment, MerchantPartsFragment } from '../api/__generated__/documents.ts'

export type Tone = 'positive' | 'neutral' | 'waiting' | 'warning' | 'critical'

const TONES: Record<string, Tone> = {
  POSITIVE: 'positive',
  NEUTRAL: 'neutral',
  WAITING: 'waiting',
  WARNING: 'warning',
  CRITICAL: 'critical',
}

export function toneOf(tone: MerchantPartsFragment['statusTone']): Tone {
  return TONES[tone] ?? 'neutral'
}

export const INVOICE_TONES: Record<InvoicePartsFragment['status'], Tone> = {
  DRAFT: 'neutral',
  OPEN: 'warning',
  PAID: 'positive',
  UNCOLLECTIBLE: 'neutral',
  VOID: 'neutral',
  UNKNOWN: 'neutral',
}

export const ACCESS_TONES: Record<NonNullable<MerchantPartsFragment['service']>['access'], Tone> = {
  FULL: 'positive',
  GRACE: 'warning',
  NONE: 'critical',
}
