"""A local Stripe: its wire protocol, its hosted onboarding, and a control plane for tests and demos.

It runs as its own process (`python -m simulator`), needs no key, and knows nothing of who calls it.
To read it: `wire` is one request, `accounts` what the API does with it, `requirements` what an account
still owes, `view` what is shown of it, `events` and `deliveries` who is told, `onboarding` the merchant's
side, and `control` with `scenarios` what tests and demos can make happen.
"""
