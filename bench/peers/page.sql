-- Builds the complete answer for a page. $1 is the id of the merchant before the page, and $2 is the page size.
WITH page AS MATERIALIZED (
    SELECT * FROM peers.merchant WHERE id > $1 ORDER BY id LIMIT $2 + 1
), shown AS (
    SELECT * FROM page ORDER BY id LIMIT $2
)
SELECT json_build_object('data', json_build_object('merchants', json_build_object(
    'edges', (
        SELECT coalesce(json_agg(json_build_object('node', json_build_object(
            'id', rtrim(translate(encode(convert_to('Merchant:' || m.id, 'UTF8'), 'base64'), E'+/\n', '-_'), '='),
            'externalId', m.external_id,
            'displayName', m.display_name,
            'contactEmail', m.contact_email,
            'country', m.country,
            'createdAt', to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'status', m.status,
            'canAcceptPayments', m.can_accept_payments,
            'canReceivePayouts', m.can_receive_payouts,
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
                    'closed', a.closed,
                    'createdAt', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
                )
                FROM peers.account AS a WHERE a.merchant_id = m.id
            ),
            'capabilities', (
                SELECT coalesce(json_agg(json_build_object(
                    'name', c.name,
                    'title', c.title,
                    'status', c.status,
                    'details', (
                        SELECT coalesce(json_agg(json_build_object(
                            'code', d ->> 'code', 'resolution', d ->> 'resolution'
                        )), '[]')
                        FROM json_array_elements(c.details) AS d
                    )
                ) ORDER BY c.position), '[]')
                FROM peers.capability AS c WHERE c.merchant_id = m.id
            ),
            'requirements', json_build_object(
                'dueCount', m.due_count,
                'pendingCount', m.pending_count,
                'nearestDeadline',
                to_char(m.nearest_deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'entries', (
                    SELECT coalesce(json_agg(json_build_object(
                        'key', r.key,
                        'title', r.title,
                        'awaitingActionFrom', r.awaiting_action_from,
                        'deadline', r.deadline,
                        'errors', (
                            SELECT coalesce(json_agg(json_build_object(
                                'code', e ->> 'code', 'message', e ->> 'message'
                            )), '[]')
                            FROM json_array_elements(r.errors) AS e
                        ),
                        'restricts', r.restricts
                    ) ORDER BY r.position), '[]')
                    FROM peers.requirement AS r WHERE r.merchant_id = m.id AND NOT r.future
                )
            )
        )) ORDER BY m.id), '[]')
        FROM shown AS m
    ),
    'pageInfo', json_build_object(
        'hasNextPage', (SELECT count(*) > $2 FROM page),
        'endCursor', (
            SELECT rtrim(translate(
                encode(convert_to('["CREATED_AT_ASC","' || id || '"]', 'UTF8'), 'base64'), E'+/\n', '-_'
            ), '=')
            FROM shown ORDER BY id DESC LIMIT 1
        )
    )
)))::text
