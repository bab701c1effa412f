"""Executes compiled queries: root fields read rows, and the rendered objects are joined into a response. If
the answer is None, graphql-core must execute the query.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from graphql import GraphQLError

from connect.merchants.rules.dashboard.dashboard_addresses import Relocate
from connect.scope import Principal
from resolvers.common.errors import BadUserInput
from resolvers.execution.answer_cache import AnswerCache
from resolvers.execution.compiled_selection import CompiledSelection, RenderedObject, new_number
from resolvers.execution.row_batcher import RowBatcher
from resolvers.federation import entities
from resolvers.federation.entities import Entity, Key, Reference, Values
from resolvers.relay.connection import Page, PageInfo, cursor
from resolvers.relay.documents import DocumentTable, Listing, One

# The coerced variables of a query.
Variables = Mapping[str, Any]

# Placeholders in edges. All other texts contain quotes, so none equals a placeholder.
CURSOR, NODE = b"cursor", b"node"

_NOTHING = RenderedObject(b"", None)


class Reader:
    """Executes the compiled queries of one process."""

    def __init__(self, stale_after: timedelta, relocate: Relocate, max_cache_bytes: int) -> None:
        self.stale_after = stale_after
        self.relocate = relocate
        self.cache = AnswerCache(max_cache_bytes)
        self._batchers: dict[tuple[str, str, str], RowBatcher] = {}

    async def answer(
        self, compiled: "CompiledQuery", variables: Variables, inputs: dict[str, Any], principal: Principal
    ) -> bytes | None:
        """The response as JSON. None if graphql-core must execute the query. Raises database errors."""
        parts = [b'{"data":{']
        for before, root in compiled.fields:
            try:
                answer = await root.answer(self, principal, variables, inputs)
            except (GraphQLError, BadUserInput):
                return None
            if answer is None:
                return None
            parts.append(before)
            parts += answer
        parts.append(b"}}")
        return b"".join(parts)

    def batcher(self, table: DocumentTable, column: str, document: str) -> RowBatcher:
        key = table.name, column, document
        batcher = self._batchers.get(key)
        if batcher is None:
            batcher = self._batchers[key] = RowBatcher(table, column, document)
        return batcher


@dataclass(frozen=True, slots=True)
class OneField:
    """A root field for one object."""

    one: One
    selection: CompiledSelection
    # Returns the name and the value of the one field that the argument `by` contains.
    reference: Callable[[Variables], tuple[str, Any]]

    async def answer(
        self, reader: Reader, principal: Principal, variables: Variables, _inputs: dict[str, Any]
    ) -> list[bytes] | None:
        reference = self.one.resolve(*self.reference(variables))
        if reference is None:
            return [b"null"]
        document = self.one.table.document(principal)
        key = self.selection.number, document, *reference
        rendered = reader.cache.get(key)
        row = await self._read(reader, principal, *reference, with_document=rendered is None)
        if rendered is not None and row is not None and rendered.row != row[1:3]:
            rendered = None
            row = await self._read(reader, principal, *reference, with_document=True)
        if row is None or row[-1] is None:  # there is no row, or the row lacks this document
            return [b"null"]
        if rendered is None:
            rendered = self.selection.render_text(row[-1], reader.stale_after, reader.relocate)
            if rendered is None:
                return None
            rendered.row = row[1:3]
            reader.cache.put(key, rendered)
        return [rendered.text]

    async def _read(
        self, reader: Reader, principal: Principal, column: str, value: Any, *, with_document: bool
    ) -> Any:
        """The row, or None if the caller may see no such row.

        It begins with the owner, the id and the row version. If `with_document`, it ends with the document.
        """
        if column in self.one.batched:
            batcher = reader.batcher(self.one.table, column, self.one.table.document(principal))
            return await batcher.row(principal, value, with_document=with_document)
        columns = self.one.table.owner, "id", "row_version", self.one.table.document(principal)
        return await self.one.find(principal, column, value, columns)


@dataclass(frozen=True, slots=True)
class PageField:
    """A root field for a page of a listing."""

    listing: Listing
    # Returns the arguments of `Listing.page`.
    arguments: Callable[[Variables, dict[str, Any]], dict[str, Any]]
    parts: Sequence["bytes | Edges | Info | Total | ByStatus"]

    async def answer(
        self, reader: Reader, principal: Principal, variables: Variables, inputs: dict[str, Any]
    ) -> list[bytes] | None:
        arguments = self.arguments(variables, inputs)
        page = await self.listing.page(principal, ("row_version",), **arguments)
        counts: Mapping[str, int] | None = None
        if any(isinstance(part, Total | ByStatus) for part in self.parts) and self.listing.count is not None:
            counts = await self.listing.count(principal, arguments.get("filter"))
        answer: list[bytes] = [b"{"]
        for part in self.parts:
            if isinstance(part, Edges):
                edges = await part.answer(reader, self.listing.table, principal, page)
                if edges is None:
                    return None
                answer += [b"[", b",".join(edges), b"]"]
            elif isinstance(part, Info):
                answer.append(part.answer(page.info))
            else:
                answer.append(part if isinstance(part, bytes) else part.answer(counts))
        answer.append(b"}")
        return answer


@dataclass(frozen=True, slots=True)
class Edges:
    """The edges of a page. `parts` are the texts of one edge, with the placeholders CURSOR and NODE."""

    parts: Sequence[bytes]
    node: CompiledSelection | None
    # The part of the cache's keys that identifies these edges.
    number: int = field(default_factory=new_number)

    async def answer(
        self, reader: Reader, table: DocumentTable, principal: Principal, page: Page
    ) -> list[bytes] | None:
        cache, name = reader.cache, (page.order.name, table.document(principal))
        # A row has the values of the sort key, whose last value is the id, and then the row version.
        edges = [cache.get((self.number, *name, *row)) for row in page.rows]
        missing = [row[-2] for row, edge in zip(page.rows, edges, strict=True) if edge is None]
        texts = await table.texts(principal, missing) if missing else {}
        for place, row in enumerate(page.rows):
            # An object that changed between the two statements is rendered in its new state, and a deleted
            # object has no edge.
            if edges[place] is not None or (entry := texts.get(row[-2])) is None:
                continue
            version, document = entry
            node: RenderedObject | None = _NOTHING
            if self.node is not None:
                node = self.node.render_text(document, reader.stale_after, reader.relocate)
            if node is None:
                return None
            values = {CURSOR: f'"{cursor(page.order, row[:-1])}"'.encode(), NODE: node.text}
            text = b"".join([values.get(part, part) for part in self.parts])
            edges[place] = edge = RenderedObject(b"{%b}" % text, node.until)
            cache.put((self.number, *name, *row[:-1], version), edge)
        return [edge.text for edge in edges if edge is not None]


@dataclass(frozen=True, slots=True)
class Info:
    """The page info. `names` maps the client's names to the names of the fields."""

    typename: str
    names: Mapping[str, str]

    def answer(self, info: PageInfo) -> bytes:
        values = {
            "__typename": self.typename,
            "hasNextPage": info.has_next_page,
            "hasPreviousPage": info.has_previous_page,
            "startCursor": info.start_cursor,
            "endCursor": info.end_cursor,
        }
        return orjson.dumps({key: values[name] for key, name in self.names.items()})


@dataclass(frozen=True, slots=True)
class Total:
    """The number of all matches."""

    def answer(self, counts: Mapping[str, int] | None) -> bytes:
        return b"null" if counts is None else str(sum(counts.values())).encode()


@dataclass(frozen=True, slots=True)
class ByStatus:
    """The number of matches with each status. `names` maps the client's names to the names of the fields."""

    typename: str
    names: Mapping[str, str]

    def answer(self, counts: Mapping[str, int] | None) -> bytes:
        if counts is None:
            return b"null"
        values = [
            {"__typename": self.typename, "status": status, "count": count}
            for status, count in counts.items()
        ]
        return orjson.dumps([{key: value[name] for key, name in self.names.items()} for value in values])


@dataclass(frozen=True, slots=True)
class EntitiesField:
    """The root field `_entities` of a subgraph."""

    # The keys are the names of the entities' types in the schema.
    entities: Mapping[str, Entity]
    # None for an entity that graphql-core must serve.
    selections: Mapping[Entity, CompiledSelection | None]
    representations: Callable[[Variables], Sequence[Any]]

    async def answer(
        self, reader: Reader, principal: Principal, variables: Variables, _inputs: dict[str, Any]
    ) -> list[bytes] | None:
        references = entities.parse(self.representations(variables), self.entities)
        texts: dict[Reference, bytes] = {}
        for (entity, key), wanted in entities.by_key(references).items():
            selection = self.selections[entity]
            if selection is None or entity.table is None:
                return None
            found = await self._texts(reader, principal, entity.table, selection, key, wanted)
            if found is None:
                return None
            for values, text in found.items():
                texts[entity, key, values] = text
        return [b"[", b",".join([texts.get(one, b"null") for one in references]), b"]"]

    async def _texts(
        self,
        reader: Reader,
        principal: Principal,
        table: DocumentTable,
        selection: CompiledSelection,
        key: Key,
        wanted: Collection[Values],
    ) -> dict[Values, bytes] | None:
        """The rendered objects, by the values of their entity keys. None if a document cannot be rendered.

        One statement reads all rows. It also reads the documents if no object is cached. Otherwise, a second
        statement reads the documents of the objects whose current row version is not cached.
        """
        document = table.document(principal)
        cache, name = reader.cache, (selection.number, document, key.fields)
        cached = {values: cache.get((*name, values)) for values in wanted}
        is_empty = not any(cached.values())
        rows = await entities.rows(table, principal, key, wanted, (document,) if is_empty else ())
        texts, missing = dict[Values, bytes](), list[Values]()
        for values, row in rows.items():
            kept = cached[values]
            if kept is not None and kept.row == row[:2]:
                texts[values] = kept.text
            else:
                missing.append(values)
        if missing and not is_empty:
            rows = await entities.rows(table, principal, key, missing, (document,))
        for values in missing:
            row = rows.get(values)
            if row is None or row[-1] is None:  # the object is gone, or the document is not built yet
                continue
            rendered = selection.render_text(row[-1], reader.stale_after, reader.relocate)
            if rendered is None:
                return None
            rendered.row = row[:2]
            cache.put((*name, values), rendered)
            texts[values] = rendered.text
        return texts


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """The root fields of a query, each with the text that precedes it in the response."""

    fields: Sequence[tuple[bytes, OneField | PageField | EntitiesField]]
