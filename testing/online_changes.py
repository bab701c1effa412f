"""Checks that the SQL of a migration neither stops the service nor breaks the previous release.

Each statement must have one of a few known forms. None of these forms reads or rewrites a table under a lock
that blocks the service
(https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES). None drops a table or a
column, and none adds a column that is NOT NULL and has no default.
"""

import re
from collections.abc import Iterable, Iterator

_CONSTANT = r"(?:-?\d+(?:\.\d+)?|'[^']*'|TRUE|FALSE|NULL)"
_TYPE = r"(?!\w*SERIAL)[A-Z]+(?:\(\d+\))?"
_KNOWN = re.compile(
    r"CREATE TABLE .*"
    r"|CREATE (?:UNIQUE )?INDEX CONCURRENTLY .*"
    r"|DROP INDEX .*"
    r"|COMMENT ON .*"
    r"|CREATE FUNCTION .*"
    rf'|ALTER TABLE "\w+" ADD COLUMN "\w+" {_TYPE}(?: COLLATE "\w+")?(?:(?: NOT NULL)? DEFAULT {_CONSTANT})?'
    r'|ALTER TABLE "\w+" ALTER COLUMN "\w+" DROP NOT NULL'
    rf'|ALTER TABLE "\w+" ALTER COLUMN "\w+" (?:SET DEFAULT {_CONSTANT}|DROP DEFAULT)'
    r'|ALTER TABLE "\w+" ADD CONSTRAINT .* NOT VALID'
    r'|ALTER TABLE "\w+" VALIDATE CONSTRAINT "\w+"',
    re.DOTALL,
)
_NEW_TABLE = re.compile(r'CREATE TABLE (?:IF NOT EXISTS )?"(\w+)"')
_INDEX = re.compile(r'CREATE (?:UNIQUE )?INDEX "\w+" ON "(\w+)"')
_TRIGGER = re.compile(r"CREATE TRIGGER \w+ BEFORE .* ON (\w+) FOR EACH ")
_STATEMENT = re.compile(r"(?:'(?:[^']|'')*'|[^;'])+")


def faults(sql: Iterable[str]) -> list[str]:
    """The statements that may lock a table with rows for a long time, or break the previous release."""
    statements = list(_statements(sql))
    created = {match[1] for match in map(_NEW_TABLE.match, statements) if match}
    return [
        statement
        for statement in statements
        if not _KNOWN.fullmatch(statement)
        and not any((found := form.match(statement)) and found[1] in created for form in (_INDEX, _TRIGGER))
    ]


def _statements(sql: Iterable[str]) -> Iterator[str]:
    for text in sql:
        if text.startswith("--"):
            if "CANNOT BE REPRESENTED" in text:
                yield text
            continue
        yield from filter(None, (part.strip() for part in _STATEMENT.findall(text)))
