// Reads merchants from the normalised tables with three statements for each operation, and limits the page before
// the join. The root resolvers build the complete objects, so no other resolver reads the database.
import { end, globalId, query, START, time } from './database.js'

export { payments } from './payments.js'

const LISTED = `
  m.id, m.external_id, m.display_name, m.contact_email, m.country, m.created_at, m.status,
  m.can_accept_payments, m.can_receive_payouts, m.due_count, m.pending_count, m.nearest_deadline,
  a.id AS account_id, a.stripe_account_id, a.livemode, a.fees_collector, a.losses_collector,
  a.requirements_collector, a.applied_configurations, a.closed, a.created_at AS account_created_at`

const PAGE = `
  SELECT ${LISTED}
  FROM (SELECT * FROM peers.merchant WHERE id > $1 ORDER BY id LIMIT $2) AS m
  LEFT JOIN peers.account AS a ON a.merchant_id = m.id
  ORDER BY m.id`
const ONE = `
  SELECT m.*, ${LISTED}
  FROM peers.merchant AS m LEFT JOIN peers.account AS a ON a.merchant_id = m.id
  WHERE m.external_id = $1`
const CAPABILITIES = `
  SELECT merchant_id, name, title, status, details FROM peers.capability
  WHERE merchant_id = ANY ($1) ORDER BY merchant_id, position`
const REQUIREMENTS = `
  SELECT merchant_id, key, title, awaiting_action_from, deadline, errors, restricts FROM peers.requirement
  WHERE merchant_id = ANY ($1) AND NOT future ORDER BY merchant_id, position`
const ALL_REQUIREMENTS = `
  SELECT * FROM peers.requirement WHERE merchant_id = ANY ($1) ORDER BY merchant_id, future, position`

export async function page(first, after) {
  const candidates = await query('page', PAGE, [after ?? START, first + 1])
  const rows = candidates.slice(0, first)
  const below = await collected(rows, 'requirements', REQUIREMENTS)
  return {
    edges: rows.map((row) => ({ node: listed(row, below.get(row.id)) })),
    pageInfo: { hasNextPage: candidates.length > first, endCursor: end(rows) },
  }
}

export async function one(externalId) {
  const rows = await query('one', ONE, [externalId])
  if (rows.length === 0) return null
  const below = await collected(rows, 'all_requirements', ALL_REQUIREMENTS)
  return whole(rows[0], below.get(rows[0].id))
}

async function collected(rows, name, statement) {
  const ids = rows.map((row) => row.id)
  const below = new Map(ids.map((id) => [id, { capabilities: [], requirements: [] }]))
  const [capabilities, requirements] = await Promise.all([
    query('capabilities', CAPABILITIES, [ids]),
    query(name, statement, [ids]),
  ])
  for (const row of capabilities) below.get(row.merchant_id).capabilities.push(row)
  for (const row of requirements) below.get(row.merchant_id).requirements.push(row)
  return below
}

function listed(row, { capabilities, requirements }) {
  return {
    id: globalId('Merchant', row.id),
    externalId: row.external_id,
    displayName: row.display_name,
    contactEmail: row.contact_email,
    country: row.country,
    createdAt: time(row.created_at),
    status: row.status,
    canAcceptPayments: row.can_accept_payments,
    canReceivePayouts: row.can_receive_payouts,
    account: row.account_id && {
      id: globalId('ConnectedAccount', row.account_id),
      stripeAccountId: row.stripe_account_id,
      livemode: row.livemode,
      feesCollector: row.fees_collector,
      lossesCollector: row.losses_collector,
      requirementsCollector: row.requirements_collector,
      appliedConfigurations: row.applied_configurations,
      closed: row.closed,
      createdAt: time(row.account_created_at),
    },
    capabilities,
    requirements: {
      dueCount: row.due_count,
      pendingCount: row.pending_count,
      nearestDeadline: time(row.nearest_deadline),
      transitionsAt: time(row.transitions_at),
      entries: requirements.filter((entry) => !entry.future).map(requirement),
    },
  }
}

function whole(row, below) {
  return {
    ...listed(row, below),
    summary: row.summary,
    nextAction: {
      kind: row.action_kind,
      by: row.action_by,
      label: row.action_label,
      deadline: time(row.action_deadline),
      url: row.action_url,
    },
    dashboard: {
      type: row.dashboard_type,
      available: row.dashboard_available,
      unavailableReason: row.dashboard_unavailable_reason,
      url: row.dashboard_url,
      tasks: row.dashboard_tasks,
    },
    futureRequirements: {
      dueCount: row.future_due_count,
      pendingCount: row.future_pending_count,
      nearestDeadline: time(row.future_nearest_deadline),
      transitionsAt: time(row.future_transitions_at),
      entries: below.requirements.filter((entry) => entry.future).map(requirement),
    },
    onboarding: {
      started: row.onboarding_started,
      linksIssued: row.links_issued,
      lastLinkIssuedAt: time(row.last_link_issued_at),
      lastReturnedAt: time(row.last_returned_at),
      everActiveAt: time(row.ever_active_at),
    },
    freshness: { syncedAt: time(row.synced_at), source: row.sync_source },
  }
}

function requirement(row) {
  return {
    key: row.key,
    title: row.title,
    help: row.help,
    subject: row.subject,
    personId: row.person_id,
    awaitingActionFrom: row.awaiting_action_from,
    deadline: row.deadline,
    reasons: row.reasons,
    errors: row.errors,
    restricts: row.restricts,
    alternatives: row.alternatives,
  }
}
