"""Text columns that both databases compare by code point."""

from typing import TYPE_CHECKING

from tortoise import fields

if TYPE_CHECKING:
    TextColumn = fields.CharField[str]
else:
    TextColumn = fields.CharField


class CodePointField(TextColumn):
    """A text column whose order and prefix ranges do not depend on the database's language.

    SQLite compares text by code point. PostgreSQL does so under the collation "C".
    """

    class _db_postgres:  # noqa: N801 - Tortoise reads a dialect's type from this name
        def __init__(self, field: "CodePointField") -> None:
            self.field = field

        @property
        def SQL_TYPE(self) -> str:  # noqa: N802 - see above
            return f'{self.field.SQL_TYPE} COLLATE "C"'
