"""Documents that a request names instead of sending them.

Published ones come from a manifest that is made when the client is built; others a client teaches this
process by Apollo's automatic persisted queries. See docs/decisions/0015-follow-graphql-over-http.md.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.graphql.requests import Refused

# Of learnt documents, for one process: some thousands of ordinary ones.
MOST_BYTES = 4 * 1024 * 1024

ABSENT = "There is no `query`, and no `documentId`."

APOLLO = "apollo-persisted-query-manifest"


class Documents:
    """What is known here: the published documents, and the latest learnt ones."""

    def __init__(self, published: Mapping[str, str], *, only_published: bool = False) -> None:
        self._by_id = dict(published)
        self._by_hash = {digest(text): text for text in published.values()}
        self._only_published = only_published
        self._learnt: OrderedDict[str, str] = OrderedDict()
        self._size = 0

    def text(self, asked: Mapping[str, Any]) -> str:
        """The document that a request (its parameters) means. Raises Refused."""
        query, identifier, hashed = asked.get("query"), asked.get("documentId"), _hashed(asked)
        if identifier is not None and (query is not None or hashed is not None):
            raise Refused(
                "Name a document or send it: `documentId` stands without `query` and `persistedQuery`."
            )
        if query is not None:
            found = self._sent(query, hashed)
        elif identifier is not None:
            found = self._by_id.get(identifier)
            if found is None and identifier.startswith("sha256:"):
                found = self._known(identifier.removeprefix("sha256:"))
        elif hashed is not None:
            # Apollo's manifests name a document by the same hash, or by an id of their own in its place.
            found = self._known(hashed) or self._by_id.get(hashed)
        else:
            raise Refused(ABSENT)
        if found is None and self._only_published:
            raise Refused(
                "Only published operations are answered here. Add this one to the service's manifest.",
                code="OPERATION_NOT_PUBLISHED",
                status=403,
            )
        if found is None and identifier is not None:
            raise Refused("There is no document with this `documentId`.", code="DOCUMENT_NOT_FOUND")
        if found is None:
            # To the letter, and no failure of HTTP: at this Apollo's clients send the document.
            raise Refused("PersistedQueryNotFound", code="PERSISTED_QUERY_NOT_FOUND", status=200)
        return found

    def _sent(self, query: str, hashed: str | None) -> str | None:
        if hashed is not None and digest(query) != hashed:
            raise Refused(
                "The hash in `persistedQuery` is not this query's.", code="PERSISTED_QUERY_MISMATCH"
            )
        if self._only_published:
            return self._by_hash.get(digest(query))
        if hashed is not None:
            self._learn(hashed, query)
        return query

    def _known(self, hashed: str) -> str | None:
        if hashed in self._learnt:
            self._learnt.move_to_end(hashed)
            return self._learnt[hashed]
        return self._by_hash.get(hashed)

    def _learn(self, hashed: str, text: str) -> None:
        if hashed not in self._learnt:
            self._learnt[hashed] = text
            self._size += len(text.encode())
        self._learnt.move_to_end(hashed)
        while self._size > MOST_BYTES:
            _, forgotten = self._learnt.popitem(last=False)
            self._size -= len(forgotten.encode())


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _hashed(asked: Mapping[str, Any]) -> str | None:
    """The hash that `extensions.persistedQuery` gives. Raises Refused."""
    given = (asked.get("extensions") or {}).get("persistedQuery")
    if given is None:
        return None
    if (
        not isinstance(given, dict)
        or given.get("version") != 1
        or not isinstance(given.get("sha256Hash"), str)
    ):
        raise Refused('`persistedQuery` must be {"version": 1, "sha256Hash": "..."}.')
    hashed: str = given["sha256Hash"]
    return hashed


def published(file: Path) -> dict[str, str]:
    """The documents in a manifest, by their ids: Apollo's format, or Relay's map. Raises ValueError."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{file} is not JSON in UTF-8.") from error
    entries = found.items() if isinstance(found, dict) else [(None, None)]
    if isinstance(found, dict) and found.get("format") == APOLLO and found.get("version") == 1:
        operations = found.get("operations")
        listed = operations if isinstance(operations, list) else [None]
        entries = [
            (one.get("id"), one.get("body")) if isinstance(one, dict) else (None, None) for one in listed
        ]
    texts = {key: text for key, text in entries if isinstance(key, str) and isinstance(text, str)}
    if len(texts) < len(entries):
        raise ValueError(
            f"{file} is no manifest: neither Apollo's (format {APOLLO}, version 1) "
            "nor Relay's (a map of ids to texts)."
        )
    return texts
