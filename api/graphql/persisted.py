"""Persisted documents: a request sends the id of a document instead of its text.

Published documents come from manifests that the clients' builds write: one in a file (`published`), and those
in the database (`api.graphql.manifests`). Clients may register other documents with Apollo's automatic
persisted queries. See docs/decisions/0015-follow-graphql-over-http.md.
"""

import hashlib
import json
from collections import ChainMap, OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from api.server.refusals import Refused

# Total size of the registered documents in one process, enough for a few thousand ordinary documents.
MAX_BYTES = 4 * 1024 * 1024

ABSENT = "The request has no `query` and no `documentId`."

APOLLO = "apollo-persisted-query-manifest"


class Unknown(Refused):
    """No published or registered document matches the request."""


class Documents:
    """The published documents, and an LRU cache of the registered documents."""

    def __init__(self, published: Mapping[str, str], *, only_published: bool = False) -> None:
        self._only_published = only_published
        self._by_id: Mapping[str, str] = {}
        self._by_hash: Mapping[str, str] = {}
        self.publish(published)
        self._registered: OrderedDict[str, str] = OrderedDict()
        self._size = 0

    def publish(self, *manifests: Mapping[str, str]) -> None:
        """Replace the published documents. If several manifests contain an id, the first manifest wins."""
        self._by_id = dict(ChainMap(*map(dict, manifests)))
        self._by_hash = {digest(text): text for one in manifests for text in one.values()}

    def text(self, parameters: Mapping[str, Any]) -> str:
        """The document for a request with these parameters. Raises Refused, or Unknown if there is none."""
        query, document_id = parameters.get("query"), parameters.get("documentId")
        sha256 = _hash(parameters)
        if document_id is not None and (query is not None or sha256 is not None):
            raise Refused("Send `documentId` alone, without `query` and `persistedQuery`.")
        if query is not None:
            text = self._sent(query, sha256)
        elif sha256 is not None:
            # Clients with an Apollo manifest may send the document's id instead of the hash.
            text = self._find(sha256) or self._by_id.get(sha256)
        elif document_id is not None:
            text = self._by_id.get(document_id)
            if text is None and document_id.startswith("sha256:"):
                text = self._find(document_id.removeprefix("sha256:"))
        else:
            raise Refused(ABSENT)
        if text is not None:
            return text
        if self._only_published:
            text = "This service runs published operations only. Add this operation to its manifest."
            raise Unknown(text, "OPERATION_NOT_PUBLISHED", 403)
        if document_id is not None:
            raise Unknown("No document has this `documentId`.", "DOCUMENT_NOT_FOUND")
        # Apollo's clients expect exactly this message with status 200, and then send the document.
        raise Unknown("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND", 200)

    def _sent(self, query: str, sha256: str | None) -> str | None:
        if sha256 is not None and digest(query) != sha256:
            raise Refused("The hash in `persistedQuery` does not match `query`.", "PERSISTED_QUERY_MISMATCH")
        if self._only_published:
            return self._by_hash.get(digest(query))
        if sha256 is not None:
            self._register(sha256, query)
        return query

    def _find(self, sha256: str) -> str | None:
        if sha256 in self._registered:
            self._registered.move_to_end(sha256)
            return self._registered[sha256]
        return self._by_hash.get(sha256)

    def _register(self, sha256: str, text: str) -> None:
        if sha256 not in self._registered:
            self._registered[sha256] = text
            self._size += len(text.encode())
        self._registered.move_to_end(sha256)
        while self._size > MAX_BYTES:
            _, evicted = self._registered.popitem(last=False)
            self._size -= len(evicted.encode())


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _hash(parameters: Mapping[str, Any]) -> str | None:
    """The hash in `extensions.persistedQuery`; None without this extension. Raises Refused."""
    extensions = parameters.get("extensions")
    persisted = extensions.get("persistedQuery") if extensions else None
    if persisted is None:
        return None
    if isinstance(persisted, dict) and persisted.get("version") == 1:
        sha256 = persisted.get("sha256Hash")
        if isinstance(sha256, str):
            return sha256
    raise Refused('`persistedQuery` must be {"version": 1, "sha256Hash": "..."}.')


def published(file: Path) -> dict[str, str]:
    """Return the documents of an Apollo or Relay manifest. The keys are their ids. Raises ValueError."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{file} is not JSON in UTF-8.") from error
    entries = content.items() if isinstance(content, dict) else [(None, None)]
    if isinstance(content, dict) and content.get("format") == APOLLO and content.get("version") == 1:
        operations = content.get("operations")
        entries = [
            (entry.get("id"), entry.get("body")) if isinstance(entry, dict) else (None, None)
            for entry in (operations if isinstance(operations, list) else [None])
        ]
    texts = {key: text for key, text in entries if isinstance(key, str) and isinstance(text, str)}
    if len(texts) < len(entries):
        raise ValueError(
            f"{file} is not a manifest of Apollo (format {APOLLO}, version 1) "
            "or Relay (a map of ids to texts)."
        )
    return texts
