"""ConnectQL and a local Stripe on one machine, for development: `make run` and `make token`."""
