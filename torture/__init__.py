"""Proofs under real faults, such as killed processes and lost answers. Each runs in full as a command and in
small as a test."""
