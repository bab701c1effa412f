// Reads the service's own read model: one document for each merchant and each payment.
import { end, query, START } from './database.js'

const PAGE = 'SELECT id, document FROM public.merchant WHERE id > $1 ORDER BY id LIMIT $2'
const PAYMENTS = 'SELECT id, document FROM public.payment WHERE id > $1 ORDER BY id LIMIT $2'
const ONE = 'SELECT document FROM public.merchant WHERE external_id = $1'

export const page = (first, after) => listed('page', PAGE, first, after)
export const payments = (first, after) => listed('payments', PAYMENTS, first, after)

async function listed(name, statement, first, after) {
  const candidates = await query(name, statement, [after ?? START, first + 1])
  const rows = candidates.slice(0, first)
  return {
    edges: rows.map((row) => ({ node: JSON.parse(row.document) })),
    pageInfo: { hasNextPage: candidates.length > first, endCursor: end(rows) },
  }
}

export async function one(externalId) {
  const [row] = await query('one', ONE, [externalId])
  return row ? JSON.parse(row.document) : null
}
