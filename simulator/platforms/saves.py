"""Saved states of the local Stripe, by name. A save is a JSON file in the folder `saves`. This folder is next
to the state file, or in `var` if there is no state file.

Event destinations, deliveries, idempotency keys, tokens, links and the sessions of pages are not part of a
save. Loading a save keeps the present destinations, and they receive the next events.
"""

import json
from pathlib import Path

from simulator.accounts import records as accounts
from simulator.control import later
from simulator.state import KINDS, Json, State
from simulator.wire.errors import Refused

_LEFT_OUT = {"destination", "delivery", "key", "session", "token", "link"}
SAVED = tuple(kind for kind in KINDS if kind not in _LEFT_OUT)
_FORM = 1


def _folder(state: State) -> Path:
    file = state.settings.state
    return (file.parent if file is not None else Path("var")) / "saves"


def _file(state: State, name: object) -> Path:
    if (
        not isinstance(name, str)
        or not name.isascii()
        or not name.replace("-", "").isalnum()
        or len(name) > 40
    ):
        raise Refused("parameter_invalid", "name: 1 to 40 letters, digits and hyphens")
    return _folder(state) / f"{name}.json"


def names(state: State, _: Json) -> Json:
    """Return the names of all saves."""
    return {"data": sorted(file.stem for file in _folder(state).glob("*.json"))}


def save(state: State, order: Json) -> Json:
    """Save all records of the kinds in SAVED under a name. An earlier save of this name is replaced."""
    file = _file(state, order.get("name"))
    file.parent.mkdir(parents=True, exist_ok=True)
    records = {kind: list(state.all(kind).items()) for kind in SAVED}
    file.write_text(json.dumps({"form": _FORM, "records": records}), encoding="utf-8")
    return {"name": file.stem, "accounts": len(state.all("account"))}


def load(state: State, order: Json) -> Json:
    """Replace all records of the kinds in SAVED with those of a save, including the clock's offset."""
    file = _file(state, order.get("name"))
    if not file.exists():
        raise Refused("resource_missing", f"No such save: '{file.stem}'", 404)
    body = json.loads(file.read_text(encoding="utf-8"))
    if body.get("form") != _FORM:
        raise Refused(
            "parameter_invalid", f"{file.name}: another version of the local Stripe wrote this save"
        )
    state.replace({kind: dict(body["records"].get(kind, [])) for kind in SAVED})
    accounts.load(state)
    later.load(state)
    return {"name": file.stem, "accounts": len(state.all("account"))}
