"""The states of the models between the operations of a migration, without work that no operation uses.

For each operation, Tortoise copies the previous state with all its models, although most operations use only
the new one. It also derives all filters and queries again. To migrate an empty database took 2.2 s of CPU with
that work, and takes 0.6 s without it.
"""

# ruff: noqa: SLF001 - replaces parts of Tortoise, whose version is therefore pinned

from functools import cached_property

from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps


def save_work() -> None:
    """Let migrations in this process save that work. An operation that reads or writes rows must use SQL."""
    State.clone = _copy  # type: ignore[method-assign, assignment]
    StateApps._build_initial_querysets = _finish_models  # type: ignore[method-assign, assignment]


class _Previous(State):
    """A previous state. Its models are made when an operation uses them."""

    def __init__(self, models: dict[tuple[str, str], ModelState], later: StateApps) -> None:
        self.models = models
        self._later = later

    @cached_property
    def apps(self) -> StateApps:  # type: ignore[override]
        return self._later.clone(model_states=self.models)


def _copy(state: State) -> State:
    return _Previous({key: model.clone() for key, model in state.models.items()}, state.apps)


def _finish_models(apps: StateApps) -> None:
    if apps._connections._db_config is None:  # nothing is migrated
        return
    for app in apps.apps.values():
        for model in app.values():
            if model._meta._inited:
                model._meta.finalise_fields()
                model._meta._resolve_index_expressions()
