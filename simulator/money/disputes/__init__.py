"""Disputes: inquiries and chargebacks, their course, and the calls of the API."""
