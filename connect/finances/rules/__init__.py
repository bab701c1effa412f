"""Rules about balances and payouts: no database, no Stripe, no waiting. Time is an argument."""
