"""Proofs under real faults: processes killed, answers lost. Slow ones are commands, small ones are tests."""
