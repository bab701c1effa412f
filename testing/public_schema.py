"""The schema for clients, parsed once for all tests of a process.

It is parsed from the SDL, because only the SDL marks @oneOf inputs.
"""

from graphql import build_schema

from testing.processes import ROOT

SCHEMA = build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8"), assume_valid_sdl=True)
