"""Money under /v1: payments, fees, refunds and balances, of the platform and of connected accounts.

A record has the fields of Stripe's object, and hidden fields whose names begin with an underscore.
`_account` is the account that owns the record. `ledger` books every movement of money, and `payments` moves
an intent through its states.
"""
