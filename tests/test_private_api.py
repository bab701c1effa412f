"""The undocumented names of dependencies that the code uses, and all names of dependencies that it replaces.

An upgrade may remove or change these names without notice, so the dependencies are pinned in pyproject.toml.
If an upgrade has removed a name, or if the tables lack a use of a name, a test fails and lists it.
"""

import inspect
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

from testing.private_names import Code, is_private, load, members


@pytest.fixture(scope="module")
def code() -> Code:
    """The parsed files of the project, which are freed after these tests, because they take 170 MB."""
    return Code(Path(__file__).parents[1])


class Private(NamedTuple):
    """A private attribute of a class or a module, or a private parameter of a function."""

    owner: str
    name: str
    why: str
    files: tuple[str, ...]


PRIVATE = (
    Private(
        "strawberry.schema.schema.Schema",
        "_schema",
        "graphql-core's schema: to parse, validate and compile without Strawberry's own execution",
        (
            "resolvers/execution/admission.py",
            "resolvers/execution/operations.py",
            "resolvers/federation/sdl.py",
            "api/commands/manifests.py",
            "api/configuration/variables.py",
            "bench/payment_growth.py",
            "fuzz/compared.py",
            "tests/fuzz/test_requests.py",
            "tests/resolvers/execution/test_compiled_selection.py",
            "tests/resolvers/execution/test_limits.py",
            "tests/resolvers/execution/test_operations.py",
            "tests/resolvers/execution/test_query_compiler.py",
            "tests/resolvers/test_scope.py",
        ),
    ),
    Private(
        "strawberry.types.execution.ExecutionContext",
        "_provided_operation_name",
        "the operation's name, before Strawberry parses the document",
        ("resolvers/execution/admission.py",),
    ),
    Private(
        "tortoise.apps.Apps",
        "_build_initial_querysets",
        "to keep the prepared models between the connections of tests, and to prepare none for migrations",
        ("models/database.py", "testing/prepared_models.py", "tests/testing/test_prepared_models.py"),
    ),
    Private(
        "tortoise.Tortoise.init",
        "_enable_global_fallback",
        "models in tasks that do not inherit the context of the task that connects",
        (
            "models/database.py",
            "bench/peers/strawberry_tortoise.py",
            "tests/models/test_engine.py",
            "tests/models/test_outage.py",
        ),
    ),
    Private(
        "tortoise.expressions.Aggregate.__init__",
        "_filter",
        "several counts in one statement",
        ("connect/events/problems.py",),
    ),
    Private(
        "tortoise.models.Model",
        "_meta",
        "the columns of a table",
        (
            "bench/board_counts.py",
            "models/database.py",
            "models/event.py",
            "models/lease.py",
            "testing/copied_payments.py",
            "testing/prepared_models.py",
            "testing/templates.py",
            "tests/testing/test_prepared_models.py",
        ),
    ),
    Private(
        "tortoise.models.MetaInfo",
        "_inited",
        "whether the fields of a model are known while a migration changes it",
        ("models/database.py",),
    ),
    Private(
        "os",
        "_exit",
        "ending a forked process without freeing its memory",
        ("testing/forks.py",),
    ),
    Private(
        "atexit",
        "_run_exitfuncs",
        "ending a forked process without freeing its memory",
        ("testing/forks.py",),
    ),
    Private(
        "asyncio.Task",
        "_fut_waiter",
        "cancelling a task between the end of its wait and its next step",
        ("tests/models/test_changes.py",),
    ),
    Private(
        "uvicorn.server.Server",
        "_serve",
        "running a server in the event loop of a test or of the demo, without signal handlers",
        (
            "local/demo/service.py",
            "testing/service.py",
            "tests/api/telemetry/collector.py",
            "tests/journeys/app.py",
        ),
    ),
    Private(
        "playwright",
        "_impl",
        "connecting to a browser without a process of Node for each test",
        ("testing/browser_connection.py",),
    ),
    Private(
        "playwright._impl.playwright.Playwright",
        "_pre_launched_browser",
        "the browser at the other end of the connection",
        ("testing/browser_connection.py",),
    ),
    Private(
        "stripe.events",
        "_event_classes",
        "the SDK's event classes, for the comparison with the simulator's events",
        ("tests/simulator/wire/test_shapes.py",),
    ),
    Private(
        "stripe.events._event_classes",
        "_V2_EVENT_CLASS_LOOKUP",
        "the types of events that a destination can select",
        ("tests/simulator/wire/test_shapes.py",),
    ),
    # Private names in modules of this project.
    Private(
        "api.auth.development",
        "_create",
        "creating the key in two processes at once",
        ("tests/api/auth/test_development.py",),
    ),
    Private(
        "connect.platform.rates.Rates",
        "_settled_at",
        "checking that idle clients are removed",
        ("tests/connect/platform/test_rates.py",),
    ),
)

# Modules of dependencies that do not document how to extend their classes.
INTERNAL = (
    *("graphql.execution", "starlette.middleware.cors", "tortoise.backends", "uvicorn."),
    *("strawberry.asgi", "strawberry.http", "strawberry.schema.schema", "strawberry.subscriptions.protocols"),
)

# Our class, its base class in a dependency, and the names of the base class that our class overrides or uses.
EXTENSIONS = {
    ("api/app.py:CrossOrigin", "starlette.middleware.cors.CORSMiddleware"): "is_allowed_origin",
    (
        "api/server/proxies.py:TrustedProxies",
        "uvicorn.middleware.proxy_headers.ProxyHeadersMiddleware",
    ): "trusted_hosts",
    (
        "api/graphql/websocket.py:WebSocketAdapter",
        "strawberry.asgi.ASGIWebSocketAdapter",
    ): "close send_json ws",
    (
        "api/graphql/websocket.py:WebSocketHandler",
        "strawberry.subscriptions.protocols.graphql_transport_ws.handlers.BaseGraphQLTransportWSHandler",
    ): (
        "cleanup_operation connection_acknowledged connection_init_received connection_init_timeout_task "
        "connection_timed_out context handle handle_connection_init handle_invalid_message handle_message "
        "handle_subscribe handle_task_exception operations run_operation send_message shutdown view "
        "websocket"
    ),
    (
        "api/graphql/websocket.py:WebSocketView",
        "strawberry.asgi.GraphQL",
    ): "decode_json encode_json get_context graphql_transport_ws_handler_class websocket_adapter_class",
    ("api/server/protocols.py:Http", "uvicorn.protocols.http.httptools_impl.HttpToolsProtocol"): (
        "_should_upgrade _unset_keepalive_if_required connection_lost connection_made cycle data_received "
        "handle_websocket_upgrade headers logger loop on_body on_headers_complete on_message_complete parser "
        "pause_writing resume_writing scope send_400_response transport url"
    ),
    (
        "api/server/protocols.py:WebSocket",
        "uvicorn.protocols.websockets.websockets_sansio_impl.WebSocketsSansIOProtocol",
    ): (
        "close_sent conn connection_lost data_received handle_ping pause_writing resume_writing send "
        "shutdown transport"
    ),
    (
        "api/server/server.py:Server",
        "uvicorn.server.Server",
    ): "_captured_signals handle_exit on_tick servers should_exit shutdown started startup",
    ("api/telemetry/exposition.py:_Server", "uvicorn.server.Server"): "capture_signals",
    ("models/engine/sqlite.py:InTransaction", "tortoise.backends.sqlite.client.SqliteTransactionWrapper"): (
        "_connection _finalized _in_transaction _parent acquire_connection begin commit"
    ),
    ("models/engine/asyncpg.py:InTransaction", "tortoise.backends.asyncpg.client.TransactionWrapper"): (
        "_connection _finalized _in_transaction _parent _translate_exceptions begin commit "
        "release_savepoint rollback savepoint savepoint_rollback transaction"
    ),
    ("models/engine/asyncpg.py:Client", "tortoise.backends.asyncpg.client.AsyncpgDBClient"): (
        "_close _in_transaction _pool _pool_init_lock _translate_exceptions acquire_connection "
        "create_connection create_pool execute_many log"
    ),
    ("models/engine/sqlite.py:Client", "tortoise.backends.sqlite.client.SqliteClient"): (
        "_connection _in_transaction _lock acquire_connection close create_connection execute_many"
    ),
    (
        "resolvers/execution/shared_execution.py:Executor",
        "strawberry.schema.schema.StrawberryGraphQLCoreExecutionContext",
    ): (
        "build_per_event_executor complete_object_value context_value execute_operation is_awaitable "
        "operation root_value"
    ),
    ("resolvers/schema.py:Schema", "strawberry.schema.schema.Schema"): "process_errors stream",
}

# The attributes of dependencies' modules and classes that the code replaces, with the reason and the files.
# Public names are listed too, because a later release may no longer use the value that the code replaces.
REPLACED: dict[str, tuple[str, tuple[str, ...]]] = {
    "tortoise.apps.Apps._build_initial_querysets": (
        "keeping the prepared models between the connections of tests",
        ("testing/prepared_models.py", "tests/testing/test_prepared_models.py"),
    ),
    "tortoise.migrations.schema_generator.state_apps.StateApps._build_initial_querysets": (
        "preparing no queries for migrations",
        ("models/database.py",),
    ),
    "tortoise.migrations.schema_generator.state.ModelState.render": (
        "building no filters for migrations",
        ("models/database.py",),
    ),
    "tortoise.models.get_filters_for_field": (
        "building no filters for migrations",
        ("models/database.py",),
    ),
    "graphql.validation.rules.overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET": (
        "limiting the time that a rule takes for one document",
        ("resolvers/execution/operations.py",),
    ),
    "websockets.http11.MAX_LINE_LENGTH": (
        "accepting long tokens and cookies in a handshake",
        ("api/server/protocols.py",),
    ),
    "stripe.enable_telemetry": ("a setting", ("connect/stripe_api/gateway.py",)),
    "stripe.ca_bundle_path": ("a setting", ("connect/stripe_api/gateway.py", "tests/conftest.py")),
    "certifi.where": ("loading one certificate authority in tests", ("tests/conftest.py",)),
}


def exists(owner: str, name: str) -> bool:
    try:
        value = load(owner)
    except LookupError:
        return False
    if isinstance(value, type):
        return name in members(value)
    if isinstance(value, ModuleType):
        return is_loadable(f"{owner}.{name}")
    return callable(value) and name in inspect.signature(value).parameters


def is_loadable(path: str) -> bool:
    try:
        load(path)
    except LookupError:
        return False
    return True


def test_every_listed_name_exists_in_the_dependencies() -> None:
    missing = [f"{row.owner}: {row.name} ({row.why})" for row in PRIVATE if not exists(row.owner, row.name)]
    missing += [
        f"{base}: {name} ({ours})"
        for (ours, base), names in EXTENSIONS.items()
        for name in names.split()
        if not exists(base, name)
    ]
    assert not missing, "Missing in the dependencies:\n" + "\n".join(missing)


def test_every_imported_name_exists(code: Code) -> None:
    missing = [path for path in sorted(code.imports()) if not is_loadable(path)]
    assert not missing, "Missing in the dependencies:\n" + "\n".join(missing)


def test_every_use_of_a_private_name_is_listed(code: Code) -> None:
    listed = {(file, row.name) for row in PRIVATE for file in row.files}
    listed |= {
        (ours.partition(":")[0], name)
        for (ours, _), names in EXTENSIONS.items()
        for name in names.split()
        if is_private(name)
    }
    used = code.private_names()
    assert sorted(used - listed) == [], "not listed above"
    assert sorted(listed - used) == [], "listed above, but not used"


def test_every_replaced_name_exists_and_is_listed(code: Code) -> None:
    assert [path for path in REPLACED if not is_loadable(path)] == [], "missing in the dependencies"
    listed = {(file, path) for path, (_, files) in REPLACED.items() for file in files}
    replaced = code.replaced_names()
    assert sorted(replaced - listed) == [], "not listed above"
    assert sorted(listed - replaced) == [], "listed above, but not replaced"


def test_every_extension_of_an_internal_class_is_listed(code: Code) -> None:
    used = {(f"{cls.file}:{cls.name}", cls.base): " ".join(cls.members) for cls in code.extensions(INTERNAL)}
    assert used == EXTENSIONS
