"""A local Stripe: its wire protocol, its hosted onboarding, and a control plane for tests and demos.

It runs as its own process (`python -m simulator`), needs no real key, and imports none of the product's code.

docs/simulator.md, docs/simulator-money.md and docs/simulator-billing.md describe its use, the sources of its
behaviour, and everything that is invented.

- `routes`: the operations of the API.
- `wire`: the protocols of v1 and v2, keys and versions.
- `accounts`: accounts, persons, tokens and account links. `records` saves accounts and publishes their
  changes, `requirements` derives the open requirements of an account, `rules` refuses invalid accounts as
  Stripe does, and `view` renders an account for the API.
- `money`: payments, customers, refunds, disputes, application fees and balances of v1. `ledger` books every
  movement of money.
- `billing`: prices, subscriptions, invoices and the billing portal.
- `events`: events, destinations and signed deliveries.
- `pages`: the hosted onboarding form, the hosted Checkout page and a small Dashboard.
- `control`: scenarios, switches, faults, the clock and deliveries, for tests and demos.
- `platforms`: scenario files that describe whole platforms, and saved states.
"""
