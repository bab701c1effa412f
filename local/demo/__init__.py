"""`make demo`: forty merchants with a history of six weeks, made through the API and the local Stripe."""
