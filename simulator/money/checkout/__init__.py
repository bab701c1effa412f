"""Checkout Sessions: their creation, their line items, and the result of their payment."""
