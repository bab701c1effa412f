"""Proofs that the service survives real faults, such as killed processes and lost answers.

The command `python -m torture` runs each proof in full, and a test runs it with a small size.
"""
