"""The pure rules of a merchant: no I/O, no clock, no database."""
