"""Models that Tortoise prepares once for each kind of database.

Each time Tortoise connects, it derives the filters and queries of all models, which takes 17 ms of CPU. A
service connects only once, but each of thousands of tests connects.
"""

import copy
from typing import Any

from tortoise.apps import Apps
from tortoise.models import Model

# The attributes that depend on the kind of database.
PREPARED = (
    *("filters", "db_native_fields", "db_default_fields", "db_complex_fields"),
    *("basetable", "basequery", "basequery_all_fields"),
)

prepare = Apps._build_initial_querysets
# The values of the attributes in PREPARED, by the model and the class of the database's client.
_kept: dict[tuple[type[Model], type], dict[str, Any]] = {}


def keep() -> None:
    """Make Tortoise keep and reuse the prepared models in this process."""
    Apps._build_initial_querysets = _prepare_once  # type: ignore[method-assign, assignment]


def _prepare_once(apps: Apps) -> None:
    models = [model for app in apps.apps.values() for model in app.values()]
    kinds = [(model, type(model._meta.db)) for model in models]
    if not all(kind in _kept for kind in kinds):
        prepare(apps)
        for kind in kinds:
            _kept[kind] = _copied({name: getattr(kind[0]._meta, name) for name in PREPARED})
        return
    for kind in kinds:
        for name, value in _copied(_kept[kind]).items():
            setattr(kind[0]._meta, name, value)


def _copied(prepared: dict[str, Any]) -> dict[str, Any]:
    """Return a copy, because Tortoise changes the lists and dictionaries in place."""
    return {name: copy.copy(one) if isinstance(one, list | dict) else one for name, one in prepared.items()}
