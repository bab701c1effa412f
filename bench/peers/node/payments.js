// Reads a page of payments from the normalised tables with two statements.
import { end, globalId, query, START, time } from './database.js'

const PAYMENTS = 'SELECT * FROM peers.payment WHERE id > $1 ORDER BY id LIMIT $2'
const REFUNDS = 'SELECT * FROM peers.refund WHERE payment_id = ANY ($1) ORDER BY payment_id, position'

export async function payments(first, after) {
  const candidates = await query('payments', PAYMENTS, [after ?? START, first + 1])
  const rows = candidates.slice(0, first)
  const refunds = new Map(rows.map((row) => [row.id, []]))
  const below = await query('refunds', REFUNDS, [rows.map((row) => row.id)])
  for (const row of below) refunds.get(row.payment_id).push(refund(row))
  return {
    edges: rows.map((row) => ({ node: payment(row, refunds.get(row.id)) })),
    pageInfo: { hasNextPage: candidates.length > first, endCursor: end(rows) },
  }
}

function payment(row, refunds) {
  return {
    id: globalId('Payment', row.id),
    externalId: row.external_id,
    origin: row.origin,
    state: row.state,
    refundState: row.refund_state,
    disputeState: row.dispute_state,
    summary: row.summary,
    createdAt: time(row.created_at),
    livemode: row.livemode,
    stripePaymentIntentId: row.stripe_payment_intent_id,
    amount: money(row.amount, row.currency),
    amountReceived: money(row.amount_received, row.currency),
    amountRefunded: money(row.amount_refunded, row.currency),
    applicationFee: money(row.application_fee, row.fee_currency),
    applicationFeeRefunded: money(row.application_fee_refunded, row.fee_currency),
    stripeFee: money(row.stripe_fee, row.balance_currency),
    net: money(row.net, row.balance_currency),
    method: row.method_type && {
      type: row.method_type,
      brand: row.method_brand,
      last4: row.method_last4,
      country: row.method_country,
      funding: row.method_funding,
      wallet: row.method_wallet,
    },
    refunds,
  }
}

function refund(row) {
  return {
    id: globalId('Refund', row.id),
    externalId: row.external_id,
    origin: row.origin,
    amount: money(row.amount, row.currency),
    state: row.state,
    explanation: row.explanation,
    reason: row.reason,
    failureReason: row.failure_reason,
    stripeRefundId: row.stripe_refund_id,
    createdAt: time(row.created_at),
  }
}

// PostgreSQL's driver gives 64-bit integers as text.
function money(minorUnits, currency) {
  return minorUnits && { minorUnits: Number(minorUnits), currency }
}
