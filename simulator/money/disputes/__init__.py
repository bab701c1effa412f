"""Disputes: inquiries and chargebacks, their evidence and course, and early fraud warnings."""
