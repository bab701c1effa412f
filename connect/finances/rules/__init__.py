"""Rules about balances and payouts: no database, no Stripe, no waiting. Callers pass the time."""
