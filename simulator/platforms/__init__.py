"""Whole platforms: files that describe merchants with payments and troubles, and saved states."""
