"""Money under /v1: payments, fees, refunds and balances, of the platform and of connected accounts.

A record has the fields of Stripe's object, and hidden ones whose names begin with an underscore. `_account`
is the account that owns it. `ledger` books every movement, and `payments` moves an intent through its states.
"""
