"""The type DisputeWarning. Its source is built by `connect.disputes.rules.warnings`."""

import strawberry
from strawberry import field

from resolvers.common.scalars import DateTime


@strawberry.type(
    description="A warning from the payer's bank that it may dispute the payment. It is not a dispute, moves "
    "no money and has no deadline. A dispute can follow at any time, or never. Stripe calls the warning an "
    "early fraud warning. Show the `explanation` to the merchant, and avoid Stripe's name."
)
class DisputeWarning:
    actionable: bool = field(
        description="Whether a full refund can still avoid the dispute and its fee. False after a full "
        "refund or a dispute."
    )
    explanation: str = field(
        description="The meaning of the warning and what to do, for the merchant and for staff."
    )
    stripe_warning_id: str = field(description="Stripe's id: `issfr_...`.")
    created_at: DateTime | None = field(description="When the bank sent the warning.")
