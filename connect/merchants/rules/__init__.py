"""The rules about merchants. They are pure: they use no I/O, no clock and no database."""
