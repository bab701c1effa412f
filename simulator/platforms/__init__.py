"""Whole platforms: files that describe merchants, their payments and failures, and saved states."""
