"""Parses query strings and bodies. A body is JSON in v2, and a form with bracketed names in v1."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from simulator.state import Json
from simulator.wire.errors import Refused, unknown

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")


@dataclass(frozen=True)
class Upload:
    """A file in the body of a request."""

    filename: str
    content: bytes


def parse_json(content: bytes) -> Json:
    """Parse the body of a v2 request. An empty body is an empty object."""
    if not content:
        return {}
    try:
        body: Any = json.loads(content)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Refused("invalid_json", "The body is not a JSON object")
    return body


def parse_form(content: bytes) -> Json:
    """Parse the body of a v1 request. All values are text, and an empty text removes a field."""
    try:
        pairs = parse_qsl(content.decode(), keep_blank_values=True, strict_parsing=bool(content))
    except ValueError:
        raise Refused("parameter_invalid", "The body is not form-encoded.") from None
    return parse_brackets(pairs)


async def parse_multipart(request: Request) -> Json:
    """Parse the body of an upload. Its only file is the field `file`."""
    async with request.form() as form:
        found = form.get("file")
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
        body = parse_brackets(pairs)
        if isinstance(found, UploadFile):
            body["file"] = Upload(found.filename or "", await found.read())
    return body


def parse_brackets(pairs: Iterable[tuple[str, str]]) -> Json:
    """Parse `a=1`, `a[]=1`, `a[0]=1` and `a[b][c]=1`. A repeated name is an array."""
    parsed: Json = {}
    for name, value in pairs:
        match = _NAME.fullmatch(name)
        if not match:
            raise unknown(name)
        keys = [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])]
        _place(parsed, keys, value)
    return {name: _with_arrays(value) for name, value in parsed.items()}


def _place(place: Json, keys: list[str], value: str) -> None:
    for key in keys[:-1]:
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            inner = place[key] = {"0": inner}
        place = inner
    last = keys[-1]
    if last == "":
        place[str(len(place))] = value
    elif last not in place:
        place[last] = value
    elif isinstance(place[last], dict):
        place[last][str(len(place[last]))] = value
    else:
        place[last] = {"0": place[last], "1": value}


def _with_arrays(value: Any) -> Any:
    """Convert every object whose keys are all indexes to an array."""
    if not isinstance(value, dict):
        return value
    inner = {name: _with_arrays(part) for name, part in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def as_list(query: Json, name: str) -> list[str]:
    """Return a query parameter as a list, even if the request has a single value."""
    value = query.get(name, [])
    return [str(part) for part in value] if isinstance(value, list) else [str(value)]
