"""Billing: the platform's subscriptions, whose customers are connected accounts (`customer_account`).

https://docs.stripe.com/connect/accounts-v2/saas. `course` moves subscriptions and invoices through their
states. `subscriptions` and `invoices` contain their records and the calls of the API.
"""
