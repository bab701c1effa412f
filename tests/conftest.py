"""Fixtures for all tests: databases of both kinds, the local Stripe, the whole service, a browser.

Tests of pure rules load neither a database nor a browser, so each fixture imports its libraries itself.
"""

import asyncio
import gc
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

from testing import confidential, disks, once, parallel, processes
from testing.loops import pytest_asyncio_loop_factories as pytest_asyncio_loop_factories
from testing.waits import PATIENCE

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Route, WebSocket

    from testing.processes import Simulator
    from testing.service import Service
    from testing.statements import Statements


def pytest_configure(config: pytest.Config) -> None:
    """Make imports faster, and let property tests run only a few examples."""
    gc.disable()  # until all modules are imported
    # Some tests start Node. The cache saves 0.1 s of the 0.4 s of CPU that a start takes.
    if config.pluginmanager.hasplugin("cacheprovider"):
        os.environ.setdefault("NODE_COMPILE_CACHE", str(config.cache.mkdir("node")))
    settings.register_profile("fast", max_examples=8)  # for `make test-fast`
    settings.register_profile("few", max_examples=20)
    settings.register_profile("many", max_examples=1000)  # for `make properties`
    if config.option.hypothesis_profile is None:
        settings.load_profile("fast" if _is_fast(config) else "few")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return the number of cores plus four. The additional workers begin with the tests that mostly wait.

    `make test-fast` gets only two additional workers. Its tests wait for a minute and use a minute and a half
    of CPU in total, and each worker uses 3.5 s of CPU before its first test.
    """
    return (os.cpu_count() or 1) + (2 if _is_fast(config) else 4)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Keep `make test-fast` from importing the files of `parallel.LONG`."""
    return True if _is_fast(config) and parallel.is_long(collection_path) else None


def _is_fast(config: pytest.Config) -> bool:
    """Whether this is `make test-fast`, whose tests use no PostgreSQL."""
    return bool(config.option.markexpr == "fast")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests on SQLite and PostgreSQL, unless marks, parameters or `make test-fast` choose databases."""
    chosen = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "database_url" in metafunc.fixturenames and "database_url" not in chosen:
        mark, is_fast = metafunc.definition.get_closest_marker, _is_fast(metafunc.config)
        kinds = ["sqlite"] if is_fast or mark("one_database") else ["sqlite", "postgresql"]
        if mark("portable") and not (is_fast or _is_strict()):
            kinds.append("portable")
        metafunc.parametrize("database_url", kinds, indirect=True)


def _is_strict() -> bool:
    """Whether only tests on PostgreSQL run, and all use the portable profile (`make test-strict`)."""
    return "TEST_DATABASE_PROFILE" in os.environ


def _is_in_strict_job(item: pytest.Item) -> bool:
    """Whether a test runs on PostgreSQL and needs neither LISTEN nor the statements of the other profile."""
    if item.get_closest_marker("listens") or "statements" in getattr(item, "fixturenames", ()):
        return False
    parameters: dict[str, object] = getattr(getattr(item, "callspec", None), "params", {})
    return not {"postgresql", "portable"}.isdisjoint(map(str, parameters.values()))


def _keep(config: pytest.Config, items: list[pytest.Item], wanted: Callable[[pytest.Item], bool]) -> None:
    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = filter(wanted, items)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if _is_strict():
        _keep(config, items, _is_in_strict_job)
    if _is_fast(config):  # pytest would deselect the other tests only after `spread`
        _keep(config, items, parallel.is_fast)
    for item in items:
        if parallel.is_fast(item):
            item.add_marker("fast")
        if PATIENCE != 1:
            mark = item.get_closest_marker("timeout")
            seconds = mark.args[0] if mark is not None else float(config.getini("timeout"))
            item.add_marker(pytest.mark.timeout(seconds * PATIENCE), append=False)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = parallel.spread(items, workers, os.cpu_count() or 1)


def pytest_collection_finish() -> None:
    """Exclude all modules and tests from later garbage collections, and collect more rarely.

    With the default thresholds, garbage collections took a tenth of the test time. A collection before
    `freeze` would take 0.4 s of CPU in each worker to free 15 MB.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def logs_captured() -> Iterator[None]:
    """Capture the logs of this process, which are searched at the end of each test."""
    with confidential.capturing():
        yield


@pytest.fixture(scope="session", autouse=True)
def service_forked() -> None:
    """Start processes without importing the service each time. This uses sockets that only Linux has."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid.uuid4().hex)
    processes.forks_for = run if sys.platform == "linux" else ""


@pytest.fixture(autouse=True)
def no_log_holds_a_secret(logs_captured: None) -> Iterator[None]:  # noqa: ARG001 -- orders the fixtures
    """Fail a test if one of its secrets is in a log."""
    confidential.forget()
    yield
    leaks = confidential.leaks()
    assert not leaks, "\n".join(leaks)


# Only the tests of poolers detect a pooler, because the detection takes a connection.
UNPOOLED = "session"


def _create_template(server_url: str) -> None:
    from models import database
    from testing import postgres

    def create() -> None:
        asyncio.run(database.migrate(postgres.create_database(server_url, name=postgres.MIGRATED)))

    # The first fixture that needs the template may be async, and then an event loop is running in its thread.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(create).result()


@pytest.fixture(scope="session")
def postgres_cluster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a stopped cluster with a migrated database. One test process makes it for all others."""
    from testing import postgres

    folder = once.folder(tmp_path_factory) / "cluster"
    return once.made(folder, lambda path: postgres.make_cluster(path, _create_template))


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A PostgreSQL server of this test process, started for the first test that needs it."""
    from testing import postgres

    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    with postgres.server(copy_of=request.getfixturevalue("postgres_cluster")) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file. One test process makes it for all others, because this takes 1 s of CPU."""
    from models import database

    def migrate(file: Path) -> None:
        asyncio.run(database.migrate(f"sqlite:///{file}"))
        assert not file.with_name(file.name + "-wal").exists(), "a copy would lack the log's changes"

    return once.made(once.folder(tmp_path_factory) / "template.db", migrate)


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[str]:
    """The name of a migrated database."""
    from testing import postgres

    if "TEST_DATABASE_URL" not in os.environ:
        yield postgres.MIGRATED
        return
    _create_template(postgres_url)
    yield postgres.MIGRATED
    postgres.drop_database(postgres_url, postgres.url_of(postgres_url, postgres.MIGRATED))


@pytest.fixture(scope="session")
def portable_template(postgres_url: str, postgres_template: str) -> Iterator[str]:
    """The name of a migrated database without the functions that the portable profile must not use."""
    from testing import portable, postgres

    url = postgres.create_database(postgres_url, postgres_template)
    portable.remove_functions(url)
    if portable.CONFLICTS:
        portable.add_conflicts(url, portable.CONFLICTS)
    yield urlsplit(url).path.removeprefix("/")
    postgres.drop_database(postgres_url, url)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty migrated database without connections."""
    from tortoise.backends.base.executor import EXECUTOR_CACHE

    from testing import prepared_models

    prepared_models.keep()
    EXECUTOR_CACHE.clear()  # it may hold SQL with another database's placeholders
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(prefix="connectql-sqlite-", dir=disks.memory()) as folder:
            template = request.getfixturevalue("sqlite_template")
            yield f"sqlite:///{shutil.copyfile(template, Path(folder) / 'connectql.db')}"
    else:
        from testing import portable, postgres

        server = request.getfixturevalue("postgres_url")
        if request.param == "portable" or _is_strict():
            url = portable.create_database(server, request.getfixturevalue("portable_template"))
            if portable.CONFLICTS and request.node.get_closest_marker("unrepeated"):
                portable.remove_conflicts(url)
        else:
            url = postgres.create_database(server, request.getfixturevalue("postgres_template"))
        yield url
        postgres.drop_database(server, url)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """An empty migrated database, to which the models are connected."""
    from models import database
    from testing import portable

    await database.connect(database_url, pooler=UNPOOLED, profile=portable.profile(database_url))
    yield database_url
    await database.close()


@pytest.fixture
def statements() -> "Iterator[Statements]":
    """The SQL statements of this process, recorded from the start of the test."""
    from testing.statements import recorded

    with recorded() as result:
        yield result


@pytest.fixture(scope="session")
def simulator_process() -> "Iterator[Simulator]":
    """One local Stripe for the whole session, with short reviews and short pauses between deliveries."""
    from testing import processes

    with processes.simulator(REVIEW_SECONDS="0.3", RETRY_SECONDS="0.2,0.5,1") as running:
        yield running


@pytest.fixture(scope="session")
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Trust one certificate authority, because each client takes 17 ms to load all authorities."""
    import certifi
    import stripe

    end = "-----END CERTIFICATE-----\n"
    file = tmp_path_factory.mktemp("authority") / "ca.pem"
    file.write_text(Path(certifi.where()).read_text().partition(end)[0] + end)
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("SSL_CERT_FILE", str(file))
        changed.setattr(stripe, "ca_bundle_path", str(file))
        # Clients of httpx that ignore the environment read this file.
        changed.setattr(certifi, "where", lambda: str(file))
        yield


@pytest.fixture
def simulator(simulator_process: "Simulator", one_authority: None) -> "Simulator":  # noqa: ARG001
    """The local Stripe without any data."""
    simulator_process.control("reset", {})
    return simulator_process


@pytest.fixture
async def service(
    request: pytest.FixtureRequest, database_url: str, simulator: "Simulator", tmp_path: Path
) -> "AsyncIterator[Service]":
    """The whole service on an empty database. A test with the mark `without_worker` has no worker."""
    from testing.service import running

    settings = {"WORKER": "off"} if request.node.get_closest_marker("without_worker") else {}
    async with running(database_url, simulator, tmp_path, DATABASE_POOLER=UNPOOLED, **settings) as result:
        yield result
        await _agree(request)


@pytest.fixture
async def idle(
    request: pytest.FixtureRequest, database_url: str, simulator: "Simulator", tmp_path: Path
) -> "AsyncIterator[Service]":
    """The service without a worker. The test runs the worker's steps itself."""
    from testing.service import running

    settings = {"WORKER": "off", "DATABASE_POOLER": UNPOOLED}
    async with running(database_url, simulator, tmp_path, **settings) as result:
        yield result
        await _agree(request)


async def _agree(request: pytest.FixtureRequest) -> None:
    """Fail unless every document equals the document that is derived anew from its mirror."""
    from testing import agreement

    if request.node.get_closest_marker("by_hand") is None:
        assert await agreement.disagreements() == []


@pytest.fixture
def external_requests() -> list[str]:
    """The addresses on other hosts that the test's page has requested."""
    return []


@pytest.fixture(scope="session")
def browser_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A function that returns the address of the browser that all test processes share."""
    from testing import browser

    path = browser.executable()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("There is no browser: run `python -m testing.browser`")
        pytest.skip(browser.ABSENT)
    with browser.shared(path, once.folder(tmp_path_factory)) as address:
        yield address


@pytest.fixture
async def page(browser_address: Callable[[], str], external_requests: list[str]) -> "AsyncIterator[Page]":
    """A page with its own cookies and caches, which can reach this machine only."""
    from playwright.async_api import expect

    from testing import browser_connection

    expect.set_options(timeout=20_000 * PATIENCE)  # milliseconds, enough on a busy machine

    def is_external(url: str) -> bool:
        address = urlsplit(url)
        local = address.hostname in {"127.0.0.1", "localhost"} or address.scheme in {"data", "blob", "about"}
        return not local

    def record(request: "Request | WebSocket") -> None:
        if is_external(request.url):
            external_requests.append(request.url)

    async def refuse(route: "Route") -> None:
        await route.abort()

    async with browser_connection.connected(browser_address()) as chromium:
        context = await chromium.new_context(viewport={"width": 1400, "height": 900})
        context.on("request", record)
        await context.route(is_external, refuse)
        context.set_default_timeout(30_000 * PATIENCE)
        page = await context.new_page()
        page.on("websocket", record)
        yield page
