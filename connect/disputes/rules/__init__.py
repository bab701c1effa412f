"""The pure rules of a dispute: no I/O, no clock, no database."""
