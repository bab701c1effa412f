"""Measurements of a real service process, with figures that depend on the machine."""
