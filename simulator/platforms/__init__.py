"""Whole platforms: saved states, and files that describe merchants with their payments and failures."""
