"""Payouts: the schedule, the bank accounts, and the course of each payout."""
