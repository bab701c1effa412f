-- Normalised tables as an ordinary service would have them, with a column for each measured field of the API.
-- Their rows come from the documents of the service. Derived texts (titles, summaries) are columns too, so no
-- server derives them again.
DROP SCHEMA IF EXISTS peers CASCADE;
CREATE SCHEMA peers;

CREATE TABLE peers.merchant (
    id uuid PRIMARY KEY,
    external_id text NOT NULL UNIQUE,
    display_name text NOT NULL,
    contact_email text NOT NULL,
    country text NOT NULL,
    created_at timestamptz NOT NULL,
    status text NOT NULL,
    summary text NOT NULL,
    action_kind text NOT NULL,
    action_by text,
    action_label text NOT NULL,
    action_deadline timestamptz,
    action_url text,
    dashboard_type text NOT NULL,
    dashboard_available boolean NOT NULL,
    dashboard_unavailable_reason text,
    dashboard_url text,
    dashboard_tasks json NOT NULL,
    can_accept_payments boolean NOT NULL,
    can_receive_payouts boolean NOT NULL,
    due_count int NOT NULL,
    pending_count int NOT NULL,
    nearest_deadline timestamptz,
    transitions_at timestamptz,
    future_due_count int NOT NULL,
    future_pending_count int NOT NULL,
    future_nearest_deadline timestamptz,
    future_transitions_at timestamptz,
    onboarding_started boolean NOT NULL,
    links_issued int NOT NULL,
    last_link_issued_at timestamptz,
    last_returned_at timestamptz,
    ever_active_at timestamptz,
    synced_at timestamptz,
    sync_source text
);

CREATE TABLE peers.account (
    id uuid PRIMARY KEY,
    merchant_id uuid NOT NULL UNIQUE REFERENCES peers.merchant,
    stripe_account_id text NOT NULL UNIQUE,
    livemode boolean NOT NULL,
    fees_collector text NOT NULL,
    losses_collector text NOT NULL,
    requirements_collector text NOT NULL,
    applied_configurations json NOT NULL,
    closed boolean NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE peers.capability (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    merchant_id uuid NOT NULL REFERENCES peers.merchant,
    position int NOT NULL,
    name text NOT NULL,
    title text NOT NULL,
    status text NOT NULL,
    details json NOT NULL
);

CREATE TABLE peers.requirement (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    merchant_id uuid NOT NULL REFERENCES peers.merchant,
    future boolean NOT NULL,
    position int NOT NULL,
    key text NOT NULL,
    title text NOT NULL,
    help text,
    subject text NOT NULL,
    person_id text,
    awaiting_action_from text NOT NULL,
    deadline text NOT NULL,
    reasons json NOT NULL,
    errors json NOT NULL,
    restricts json NOT NULL,
    alternatives json NOT NULL
);

CREATE TABLE peers.payment (
    id uuid PRIMARY KEY,
    external_id text,
    origin text NOT NULL,
    state text NOT NULL,
    refund_state text NOT NULL,
    dispute_state text NOT NULL,
    summary text NOT NULL,
    created_at timestamptz NOT NULL,
    livemode boolean,
    stripe_payment_intent_id text,
    currency text NOT NULL,
    amount bigint NOT NULL,
    amount_received bigint NOT NULL,
    amount_refunded bigint NOT NULL,
    fee_currency text,
    application_fee bigint,
    application_fee_refunded bigint,
    balance_currency text,
    stripe_fee bigint,
    net bigint,
    method_type text,
    method_brand text,
    method_last4 text,
    method_country text,
    method_funding text,
    method_wallet text
);

CREATE TABLE peers.refund (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES peers.payment,
    position int NOT NULL,
    external_id text,
    origin text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    state text NOT NULL,
    explanation text NOT NULL,
    reason text,
    failure_reason text,
    stripe_refund_id text,
    created_at timestamptz NOT NULL
);

-- Parse each document only once.
CREATE TEMPORARY TABLE parsed (id uuid, d jsonb STORAGE EXTERNAL);
INSERT INTO parsed SELECT id, document::jsonb FROM public.merchant;

INSERT INTO peers.merchant
SELECT
    id, external_id, display_name, contact_email, country, created_at,
    d ->> 'status', d ->> 'summary',
    d #>> '{nextAction,kind}', d #>> '{nextAction,by}', d #>> '{nextAction,label}',
    (d #>> '{nextAction,deadline}')::timestamptz, d #>> '{nextAction,url}',
    d #>> '{dashboard,type}', (d #>> '{dashboard,available}')::boolean,
    d #>> '{dashboard,unavailableReason}', d #>> '{dashboard,url}', (
        SELECT jsonb_agg(task - '{message,deadline,url}'::text[])
        FROM jsonb_array_elements(d #> '{dashboard,tasks}') AS task
    ),
    (d ->> 'canAcceptPayments')::boolean, (d ->> 'canReceivePayouts')::boolean,
    (d #>> '{requirements,dueCount}')::int, (d #>> '{requirements,pendingCount}')::int,
    (d #>> '{requirements,nearestDeadline}')::timestamptz, (d #>> '{requirements,transitionsAt}')::timestamptz,
    (d #>> '{futureRequirements,dueCount}')::int, (d #>> '{futureRequirements,pendingCount}')::int,
    (d #>> '{futureRequirements,nearestDeadline}')::timestamptz,
    (d #>> '{futureRequirements,transitionsAt}')::timestamptz,
    (d #>> '{onboarding,started}')::boolean, (d #>> '{onboarding,linksIssued}')::int,
    (d #>> '{onboarding,lastLinkIssuedAt}')::timestamptz, (d #>> '{onboarding,lastReturnedAt}')::timestamptz,
    (d #>> '{onboarding,everActiveAt}')::timestamptz,
    (d #>> '{freshness,syncedAt}')::timestamptz, d #>> '{freshness,source}'
FROM public.merchant JOIN parsed USING (id)
ORDER BY merchant.id;

INSERT INTO peers.account
SELECT
    account.id, merchant.id, a ->> 'stripeAccountId', (a ->> 'livemode')::boolean, a ->> 'feesCollector',
    a ->> 'lossesCollector', a ->> 'requirementsCollector', a -> 'appliedConfigurations',
    (a ->> 'closed')::boolean, (a ->> 'createdAt')::timestamptz
FROM public.connected_account AS account
JOIN (SELECT id, d -> 'account' AS a FROM parsed) AS merchant ON account.merchant_id = merchant.id
ORDER BY merchant.id;

INSERT INTO peers.capability (merchant_id, position, name, title, status, details)
SELECT merchant.id, position, c ->> 'name', c ->> 'title', c ->> 'status', c -> 'details'
FROM parsed AS merchant
CROSS JOIN LATERAL jsonb_array_elements(d -> 'capabilities') WITH ORDINALITY AS item (c, position)
ORDER BY merchant.id, position;

INSERT INTO peers.requirement (
    merchant_id, future, position, key, title, help, subject, person_id, awaiting_action_from, deadline,
    reasons, errors, restricts, alternatives
)
SELECT
    merchant.id, section.name = 'futureRequirements', position, r ->> 'key', r ->> 'title', r ->> 'help',
    r ->> 'subject', r ->> 'personId', r ->> 'awaitingActionFrom', r ->> 'deadline', r -> 'reasons',
    r -> 'errors', r -> 'restricts',
    -- Alternatives have no alternatives.
    (
        SELECT coalesce(jsonb_agg((SELECT jsonb_agg(entry - '{alternatives,person}'::text[]) FROM jsonb_array_elements(g) AS entry)), '[]')
        FROM jsonb_array_elements(r -> 'alternatives') AS g
    )
FROM parsed AS merchant
CROSS JOIN (VALUES ('requirements'), ('futureRequirements')) AS section (name)
CROSS JOIN LATERAL
    jsonb_array_elements(d -> section.name -> 'entries') WITH ORDINALITY AS item (r, position)
ORDER BY merchant.id, section.name, position;

CREATE INDEX ON peers.capability (merchant_id, position);
CREATE INDEX ON peers.requirement (merchant_id, future, position);

DROP TABLE parsed;

CREATE TEMPORARY TABLE parsed (id uuid, d jsonb STORAGE EXTERNAL);
INSERT INTO parsed SELECT id, document::jsonb FROM public.payment;

INSERT INTO peers.payment
SELECT
    id, external_id, origin, state, refund_state, dispute_state, d ->> 'summary', created_at,
    (d ->> 'livemode')::boolean, d ->> 'stripePaymentIntentId',
    d #>> '{amount,currency}', (d #>> '{amount,minorUnits}')::bigint,
    (d #>> '{amountReceived,minorUnits}')::bigint, (d #>> '{amountRefunded,minorUnits}')::bigint,
    d #>> '{applicationFee,currency}', (d #>> '{applicationFee,minorUnits}')::bigint,
    (d #>> '{applicationFeeRefunded,minorUnits}')::bigint,
    d #>> '{net,currency}', (d #>> '{stripeFee,minorUnits}')::bigint, (d #>> '{net,minorUnits}')::bigint,
    d #>> '{method,type}', d #>> '{method,brand}', d #>> '{method,last4}', d #>> '{method,country}',
    d #>> '{method,funding}', d #>> '{method,wallet}'
FROM public.payment JOIN parsed USING (id)
ORDER BY id;

INSERT INTO peers.refund
SELECT
    -- The id of a node is `Refund:` and the UUID in Base64.
    substr(convert_from(decode(translate(r ->> 'id', '-_', '+/') || '==', 'base64'), 'UTF8'), 8)::uuid,
    payment.id, position, r ->> 'externalId', r ->> 'origin', r #>> '{amount,currency}',
    (r #>> '{amount,minorUnits}')::bigint, r ->> 'state', r ->> 'explanation', r ->> 'reason',
    r ->> 'failureReason', r ->> 'stripeRefundId', (r ->> 'createdAt')::timestamptz
FROM parsed AS payment
CROSS JOIN LATERAL jsonb_array_elements(d -> 'refunds') WITH ORDINALITY AS item (r, position)
ORDER BY payment.id, position;

CREATE INDEX ON peers.refund (payment_id, position);

DROP TABLE parsed;
