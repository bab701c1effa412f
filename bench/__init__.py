"""Measurements of a real service process. The figures depend on the machine."""
