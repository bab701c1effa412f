"""The platform's settings for payments, disputes and payouts."""

from dataclasses import dataclass

from connect.payments.rules.money.fee_policies import FeePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Charging:
    """`policy` is the platform's fee policy. `publishable_key` lets apps confirm payments at Stripe."""

    policy: FeePolicy | None = None
    merchants_may_charge: bool = False
    merchants_may_refund: bool = False
    merchants_may_answer_disputes: bool = False
    merchants_may_pay_out: bool = False
    publishable_key: str | None = None
