// Reads the service's own read model: one document for each merchant.
import { end, query, START } from './database.js'

const PAGE = 'SELECT id, document FROM public.merchant WHERE id > $1 ORDER BY id LIMIT $2'
const ONE = 'SELECT document FROM public.merchant WHERE external_id = $1'

export async function page(first, after) {
  const candidates = await query('page', PAGE, [after ?? START, first + 1])
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
