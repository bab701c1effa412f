"""Proofs under real faults, such as killed processes and lost answers. Each runs in full as a command, and
with a small size as a test."""
