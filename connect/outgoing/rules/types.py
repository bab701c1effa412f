"""The types of outgoing events."""

import enum

# The version of the payloads. It changes only if a consumer of the earlier form would misread the new form.
VERSION = 1


class EventType(enum.Enum):
    MERCHANT_CREATED = "merchant.created"
    MERCHANT_STATUS_CHANGED = "merchant.status_changed"
    MERCHANT_REQUIREMENTS_CHANGED = "merchant.requirements_changed"
    MERCHANT_REMOVED = "merchant.removed"
    PAYMENT_CREATED = "payment.created"
    PAYMENT_STATE_CHANGED = "payment.state_changed"
    PAYMENT_REMOVED = "payment.removed"
    REFUND_CREATED = "refund.created"
    REFUND_STATE_CHANGED = "refund.state_changed"
    DISPUTE_CREATED = "dispute.created"
    DISPUTE_STATUS_CHANGED = "dispute.status_changed"
    PAYOUT_CREATED = "payout.created"
    PAYOUT_STATUS_CHANGED = "payout.status_changed"
    NOTICE_DEADLINE = "notice.deadline"
    NOTICE_RESTRICTED = "notice.restricted"
    NOTICE_PAYOUT_FAILED = "notice.payout_failed"
    NOTICE_DISPUTE_OPENED = "notice.dispute_opened"
    NOTICE_RESOLVED = "notice.resolved"
    # Only `sendTestEvent` writes an event of this type, for one endpoint.
    TEST = "endpoint.test"


NAMES = frozenset(one.value for one in EventType)
