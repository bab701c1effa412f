"""Executes SELECT statements, each alone or several as one statement."""

import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from models.engine import asyncpg

# The limits of SQLite for one statement are 500 parts and 32,766 parameters.
MAX_PARTS = 400
MAX_VALUES = 30_000


@dataclass(frozen=True, slots=True)
class Statement:
    """The text of a SELECT statement with its parameters.

    If statements have the same shape, their rows have the same columns.
    """

    text: str
    values: Sequence[Any]
    shape: Hashable


async def read(connection: BaseDBAsyncClient, text: str, values: list[Any]) -> Sequence[Any]:
    """The rows of a statement."""
    if isinstance(connection, asyncpg.Client):
        return await connection.read(text, values)
    _, rows = await connection.execute_query(text, values)
    return rows


async def read_together(statements: Sequence[Statement]) -> list[Sequence[Any]]:
    """The rows of each statement. Statements of the same shape are sent as one statement, within the limits
    MAX_PARTS and MAX_VALUES.
    """
    connection = get_connection("default")
    answers: list[Sequence[Any]] = [()] * len(statements)
    for places in _groups(statements):
        texts, values = list[str](), list[Any]()
        for place in places:
            texts.append(_renumbered(statements[place].text, len(values)))
            values += statements[place].values
        if len(texts) == 1:
            answers[places[0]] = await read(connection, texts[0], values)
            continue
        parts = [f"SELECT {place} AS part, one.* FROM ({text}) AS one" for place, text in enumerate(texts)]  # noqa: S608
        rows_of: list[list[Any]] = [[] for _ in parts]
        # Each part keeps its order, because neither database reads parts with a limit in parallel.
        for row in await read(connection, " UNION ALL ".join(parts), values):
            rows_of[row[0]].append(row[1:])
        for place, rows in zip(places, rows_of, strict=True):
            answers[place] = rows
    return answers


def _groups(statements: Sequence[Statement]) -> list[list[int]]:
    """The positions of the statements in each group that is sent as one statement."""
    groups: list[list[int]] = []
    open_, room = dict[Hashable, list[int]](), dict[Hashable, int]()
    for place, one in enumerate(statements):
        shape = one.shape
        if shape not in open_ or len(open_[shape]) == MAX_PARTS or len(one.values) > room[shape]:
            open_[shape], room[shape] = [], MAX_VALUES
            groups.append(open_[shape])
        open_[shape].append(place)
        room[shape] -= len(one.values)
    return groups


def _renumbered(text: str, by: int) -> str:
    """The text with this number added to the number of each placeholder."""
    return re.sub(r"([$?])([0-9]+)", lambda match: f"{match[1]}{int(match[2]) + by}", text)
