-- Builds the complete answer for one merchant. $1 is the merchant's external id.
SELECT json_build_object('data', json_build_object('merchant', (
    SELECT json_build_object(
        'id', rtrim(translate(encode(convert_to('Merchant:' || m.id, 'UTF8'), 'base64'), E'+/\n', '-_'), '='),
        'externalId', m.external_id,
        'displayName', m.display_name,
        'contactEmail', m.contact_email,
        'country', m.country,
        'createdAt', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'status', m.status,
        'summary', m.summary,
        'nextAction', json_build_object(
            'kind', m.action_kind,
            'by', m.action_by,
            'label', m.action_label,
            'deadline', to_char(m.action_deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'url', m.action_url
        ),
        'account', (
            SELECT json_build_object(
                'id', rtrim(translate(
                    encode(convert_to('ConnectedAccount:' || a.id, 'UTF8'), 'base64'), E'+/\n', '-_'
                ), '='),
                'stripeAccountId', a.stripe_account_id,
                'livemode', a.livemode,
                'feesCollector', a.fees_collector,
                'lossesCollector', a.losses_collector,
                'requirementsCollector', a.requirements_collector,
                'appliedConfigurations', a.applied_configurations,
                'closed', a.closed,
                'createdAt', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
            )
            FROM peers.account AS a WHERE a.merchant_id = m.id
        ),
        'dashboard', json_build_object(
            'type', m.dashboard_type,
            'available', m.dashboard_available,
            'unavailableReason', m.dashboard_unavailable_reason,
            'url', m.dashboard_url,
            'tasks', m.dashboard_tasks
        ),
        'canAcceptPayments', m.can_accept_payments,
        'canReceivePayouts', m.can_receive_payouts,
        'capabilities', (
            SELECT coalesce(json_agg(json_build_object(
                'name', c.name, 'title', c.title, 'status', c.status, 'details', c.details
            ) ORDER BY c.position), '[]')
            FROM peers.capability AS c WHERE c.merchant_id = m.id
        ),
        'requirements', json_build_object(
            'dueCount', m.due_count,
            'pendingCount', m.pending_count,
            'nearestDeadline', to_char(m.nearest_deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'transitionsAt', to_char(m.transitions_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'entries', entries.now
        ),
        'futureRequirements', json_build_object(
            'dueCount', m.future_due_count,
            'pendingCount', m.future_pending_count,
            'nearestDeadline',
            to_char(m.future_nearest_deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'transitionsAt', to_char(m.future_transitions_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'entries', entries.later
        ),
        'onboarding', json_build_object(
            'started', m.onboarding_started,
            'linksIssued', m.links_issued,
            'lastLinkIssuedAt',
            to_char(m.last_link_issued_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'lastReturnedAt', to_char(m.last_returned_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'everActiveAt', to_char(m.ever_active_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ),
        'freshness', json_build_object(
            'syncedAt', to_char(m.synced_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'source', m.sync_source
        )
    )
    FROM peers.merchant AS m
    CROSS JOIN LATERAL (
        SELECT
            coalesce(json_agg(r.entry ORDER BY r.position) FILTER (WHERE NOT r.future), '[]') AS now,
            coalesce(json_agg(r.entry ORDER BY r.position) FILTER (WHERE r.future), '[]') AS later
        FROM (
            SELECT future, position, json_build_object(
                'key', key,
                'title', title,
                'help', help,
                'subject', subject,
                'personId', person_id,
                'awaitingActionFrom', awaiting_action_from,
                'deadline', deadline,
                'reasons', reasons,
                'errors', errors,
                'restricts', restricts,
                'alternatives', alternatives
            ) AS entry
            FROM peers.requirement WHERE merchant_id = m.id
        ) AS r
    ) AS entries
    WHERE m.external_id = $1
)))::text
