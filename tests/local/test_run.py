"""`make run` and `make token` in a copy of the project, with a terminal and a browser."""

import functools
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from playwright.async_api import Page, Response, expect

from testing.operations import CREATE
from testing.processes import ROOT, free_port
from testing.waits import until

VIEWER = "{ viewer { subject role merchant { externalId } } }"
STANDING = '{ merchant(by: { externalId: "shop-1" }) { status freshness { source } } }'
SHOP = {
    "externalId": "shop-1",
    "displayName": "Shop Example",
    "contactEmail": "owner@shop.example",
    "country": "US",
}
INTERRUPTED = 130  # a shell's exit code after Ctrl-C
JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+\n")
# Unreachable proxies, and a .env file with blank values.
PROXY = {"http_proxy": "http://127.0.0.1:9", "ALL_PROXY": "socks5://127.0.0.1:9"}
BLANK = "CONNECTQL_STRIPE_API_KEY=\nCONNECTQL_WEBHOOK_SECRETS=\nCONNECTQL_AUTH_ISSUER=\nCONNECTQL_PORT=\n"


def clone(folder: Path) -> Path:
    """Copy the project with its installed packages and without its data."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()]
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".git", *ignored))
    (folder / ".venv").mkdir()
    for part in Path(sys.prefix).iterdir():
        if part.name not in {".run", ".dev"}:
            (folder / ".venv" / part.name).symlink_to(part)
    for installed in (".tools/bin/uv", ".venv/.run", ".venv/.dev"):
        (folder / installed).parent.mkdir(parents=True, exist_ok=True)
        (folder / installed).touch()
    return folder


def environment(**more: str) -> dict[str, str]:
    """Return the environment without variables of make, the project or proxies."""
    ours = ("MAKE", "MFLAGS", "CONNECTQL_", "SIMULATOR_")
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(ours) and not name.lower().endswith("_proxy") and name != "PORT"
    }
    return variables | more


def make(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Terminal:
    """`make run` in its own terminal. `output` is complete when the last process has ended."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder = folder
        self.output = ""
        self.http = httpx.Client(trust_env=False, verify=False, timeout=20)
        ports = {"PORT": str(free_port()), "SIMULATOR_PORT": str(free_port()), **more}
        self.port, self.simulator_port = int(ports["PORT"]), int(ports["SIMULATOR_PORT"])
        self._keyboard, screen = os.openpty()
        # The first terminal that a session opens controls it. Ctrl-C reaches all foreground processes, and
        # the shell waits for them like an interactive shell. The shell ends when the window closes.
        command = f"exec <{os.ttyname(screen)}; trap : INT; make run; exit $?"
        # Children inherit ignored signals, and the tests may run under nohup or in the background.
        handlers = {
            number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGHUP)
        }
        self._shell = subprocess.Popen(
            ["sh", "-c", command],
            cwd=folder,
            env=environment(**ports),
            stdout=screen,
            stderr=screen,
            start_new_session=True,
        )
        for number, handler in handlers.items():
            signal.signal(number, handler)
        os.close(screen)
        self._open = True
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while self._open:
            if not select.select([self._keyboard], [], [], 0.05)[0]:
                continue
            try:
                chunk = os.read(self._keyboard, 65536)
            except OSError:  # no process has the terminal open
                return
            if not chunk:
                return
            self.output += chunk.decode(errors="replace").replace("\r\n", "\n")

    def wait_for(self, text: str, *, seconds: float = 60) -> None:
        until(lambda: text in self.output or not self._reader.is_alive(), seconds)
        assert text in self.output, self.output

    def press_control_c(self) -> None:
        os.write(self._keyboard, b"\x03")

    def close_window(self) -> None:
        if self._open:
            self._open = False
            self._reader.join()
            os.close(self._keyboard)

    def end(self, *, seconds: float) -> int:
        """Return the exit code after all processes that write to this terminal have ended."""
        self._reader.join(seconds)
        assert not self._reader.is_alive(), f"a process still runs:\n{self.output}"
        return self._shell.wait(seconds)

    def clean_up(self) -> None:
        if self._shell.poll() is None:
            os.killpg(self._shell.pid, signal.SIGTERM)
        self._reader.join(30)
        self.close_window()
        self.http.close()
        try:
            self._shell.wait(30)
        finally:
            if self._shell.poll() is None:
                os.killpg(self._shell.pid, signal.SIGKILL)
                self._shell.wait()

    @functools.cached_property
    def token(self) -> str:
        return make(self.folder, "-s", "token", "ROLE=operator").stdout.strip()

    def graphql(self, query: str, variables: Any = None, *, token: str | None = None) -> dict[str, Any]:
        """Return the data of an operation that must not fail."""
        answer = self.http.post(
            f"http://localhost:{self.port}/graphql",
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token or self.token}"},
        )
        body = answer.json()
        assert answer.status_code == 200, body
        assert "errors" not in body, body
        data: dict[str, Any] = body["data"]
        return data

    def control(self, path: str, body: Any) -> Any:
        """Call the control API of the local Stripe."""
        url = f"http://127.0.0.1:{self.simulator_port}/simulator/{path}"
        return self.http.post(url, json=body).raise_for_status().json()


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return clone(tmp_path / "connectql")


@pytest.fixture
def terminals() -> Iterator[Callable[..., Terminal]]:
    """Return a function that opens terminals. The fixture closes them after the test."""
    opened: list[Terminal] = []

    def start(folder: Path, **more: str) -> Terminal:
        opened.append(Terminal(folder, **more))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.clean_up()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """One `make run` for several tests, with unreachable proxies and a .env file of blank values."""
    folder = clone(tmp_path_factory.mktemp("user") / "connectql")
    (folder / ".env").write_text(BLANK)
    terminal = Terminal(folder, SIMULATOR_REVIEW_SECONDS="3600", **PROXY)
    try:
        terminal.wait_for("Ctrl-C ends everything.")
        yield terminal
    finally:
        terminal.clean_up()


def test_the_banner_shows_all_addresses(run: Terminal) -> None:
    assert f"  GraphiQL      http://localhost:{run.port}/graphql " in run.output
    assert f"  local Stripe  http://127.0.0.1:{run.simulator_port} " in run.output
    assert "  data          var/ " in run.output
    assert "Installing" not in run.output
    assert run.http.get(f"http://localhost:{run.port}/readyz").json()["status"] == "ready"
    assert run.http.get(f"http://127.0.0.1:{run.simulator_port}/").status_code == 200


@pytest.mark.parametrize(
    ("arguments", "viewer"),
    [
        (["ROLE=operator"], {"subject": "development-operator", "role": "OPERATOR"}),
        (["ROLE=service"], {"subject": "development-service", "role": "SERVICE"}),
        (["ROLE=merchant", "MERCHANT=shop-9"], {"subject": "development-merchant", "role": "MERCHANT"}),
        (["ROLE=operator", "SUBJECT=jane doe"], {"subject": "jane doe", "role": "OPERATOR"}),
    ],
)
def test_make_token_prints_only_a_valid_token(
    run: Terminal, arguments: list[str], viewer: dict[str, str]
) -> None:
    result = make(run.folder, "-s", "token", *arguments)
    assert (result.returncode, result.stderr) == (0, "")
    assert JWT.fullmatch(result.stdout)
    data = run.graphql(VIEWER, token=result.stdout.strip())["viewer"]
    assert data == {**viewer, "merchant": None}


@pytest.mark.parametrize(("arguments", "seconds"), [([], 12 * 3600), (["TTL=60"], 60)])
def test_a_token_lasts_for_its_ttl(folder: Path, arguments: list[str], seconds: int) -> None:
    text = make(folder, "-s", "token", "ROLE=operator", *arguments).stdout.strip()
    claims = jwt.decode(text, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == seconds


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        *(
            (
                ["ROLE=operator", f"TTL={wrong}"],
                "TTL must be a number of seconds: make token ROLE=operator TTL=60",
            )
            for wrong in ("0", "-5", "5m", "1.5", "9999999999")
        ),
        (["ROLE=admin"], "ROLE must be operator, service or merchant: make token ROLE=operator"),
        ([], "ROLE must be operator, service or merchant: make token ROLE=operator"),
        (["ROLE=merchant"], "name the merchant: make token ROLE=merchant MERCHANT=<externalId>"),
    ],
)
def test_make_token_explains_wrong_arguments(folder: Path, arguments: list[str], remedy: str) -> None:
    refused = make(folder, "-s", "token", *arguments)
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert f"Error: {remedy}\n" in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_the_examples_in_graphiql_lead_to_an_active_merchant(
    run: Terminal, page: Page, external_requests: list[str]
) -> None:
    graphiql = f"http://localhost:{run.port}/graphql"
    await page.goto(graphiql)
    created = (await execute(page, "CreateMerchant"))["createMerchant"]
    assert (created["__typename"], created["created"]) == ("CreateMerchantPayload", True)
    assert created["merchant"]["status"] == "ONBOARDING"
    assert (await execute(page, "CreateMerchant"))["createMerchant"]["created"] is False

    linked = (await execute(page, "Onboard"))["createOnboardingLink"]
    assert linked["__typename"] == "CreateOnboardingLinkPayload"
    async with page.context.expect_page() as opened:
        await page.locator("#bar a").click()
    form = await opened.value
    assert await page.locator("#bar a").get_attribute("href") == linked["url"]
    addresses: list[str] = []
    form.on("framenavigated", lambda frame: addresses.append(frame.url))
    for step in ("business", "person", "bank", "terms"):
        await expect(form.locator("form")).to_have_attribute("id", step)
        if step == "terms":
            await form.check("#accept")
        await form.click("#submit")
    await expect(form.locator("#bar")).to_contain_text(
        "Back from Stripe's form: shop-1 is now PENDING_REVIEW."
    )
    (returned,) = [address for address in addresses if "onboarding=" in address]
    assert parse_qs(urlsplit(returned).query) == {
        "onboarding": ["returned"],
        "merchant": ["shop-1"],
        "status": ["PENDING_REVIEW"],
    }

    standing = (await execute(page, "MerchantStatus"))["merchant"]
    assert (standing["status"], standing["requirements"]["dueCount"]) == ("PENDING_REVIEW", 0)
    await page.locator(".graphiql-tab-button", has_text="Watch").click()
    await page.get_by_label("Execute query").click()
    await expect(page.locator(".graphiql-response")).to_contain_text('"status": "PENDING_REVIEW"')
    run.control("clock", {"advance_seconds": 3600})
    await expect(page.locator(".graphiql-response")).to_contain_text('"status": "ACTIVE"')
    await page.get_by_label("Stop query").click()
    standing = (await execute(page, "MerchantStatus"))["merchant"]
    assert standing["status"] == "ACTIVE"
    assert standing["dashboard"]["url"] == "https://dashboard.stripe.com"
    platform = (await execute(page, "Platform"))["platform"]
    assert platform["statusCounts"] == [{"status": "ACTIVE", "count": 1}]
    assert platform["problems"] == []
    assert external_requests == []


async def execute(page: Page, operation: str) -> dict[str, Any]:
    """Run the operation of a tab and return the data that GraphiQL shows."""
    await page.locator(".graphiql-tab-button", has_text=operation).click()

    async with page.expect_response(lambda response: _is_about(response, operation)) as answered:
        await page.get_by_label("Execute query").click()
    body = json.loads(await (await answered.value).text())
    assert "errors" not in body, body
    data: dict[str, Any] = body["data"]
    await expect(page.locator(".graphiql-response")).to_contain_text(next(iter(data)))
    return data


def _is_about(answer: Response, operation: str) -> bool:
    sent = answer.request.post_data or ""
    return re.search(rf"(query|mutation) {operation}\b", sent) is not None


def test_control_c_stops_everything_and_the_next_start_keeps_the_data(
    folder: Path, terminals: Callable[..., Terminal]
) -> None:
    first = terminals(folder)
    first.wait_for("Ctrl-C ends everything.")
    created = first.graphql(CREATE, {"input": SHOP})["createMerchant"]
    assert created["created"] is True
    first.press_control_c()
    assert first.end(seconds=15) == INTERRUPTED
    assert "Stopping ..." in first.output
    assert "Traceback" not in first.output
    assert "Error" not in first.output
    assert (is_free(first.port), is_free(first.simulator_port)) == (True, True)

    ports = {"PORT": str(first.port), "SIMULATOR_PORT": str(first.simulator_port)}
    second = terminals(folder, **ports)
    second.wait_for("Ctrl-C ends everything.", seconds=20)
    repeated = second.graphql(CREATE, {"input": SHOP})["createMerchant"]
    assert (repeated["created"], repeated["merchant"]["id"]) == (False, created["merchant"]["id"])
    # Stripe still delivers to this address, with the stored signing secret.
    account = repeated["merchant"]["account"]["stripeAccountId"]
    second.control(f"accounts/{account}", {"scenario": "activate"})
    active = {"status": "ACTIVE", "freshness": {"source": "webhook"}}
    until(lambda: second.graphql(STANDING)["merchant"] == active)
    second.press_control_c()
    second.press_control_c()
    assert second.end(seconds=15) == INTERRUPTED
    assert (is_free(first.port), is_free(first.simulator_port)) == (True, True)


@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="finds the process in /proc")
def test_the_end_of_the_local_stripe_stops_everything_and_the_next_start_may_use_other_ports(
    folder: Path, terminals: Callable[..., Terminal]
) -> None:
    first = terminals(folder)
    first.wait_for("Ctrl-C ends everything.")
    created = first.graphql(CREATE, {"input": SHOP})["createMerchant"]
    os.kill(process_of(folder, "simulator"), signal.SIGKILL)
    assert first.end(seconds=15) == 2
    assert "Error: the local Stripe has ended (exit code -9); its output is above." in first.output
    assert "Traceback" not in first.output
    assert is_free(first.port)

    second = terminals(folder)
    assert second.port != first.port
    second.wait_for("Ctrl-C ends everything.")
    account = created["merchant"]["account"]["stripeAccountId"]
    second.control(f"accounts/{account}", {"scenario": "activate"})
    active = {"status": "ACTIVE", "freshness": {"source": "webhook"}}
    until(lambda: second.graphql(STANDING)["merchant"] == active)
    # Stripe no longer sends to the first address.
    assert "1 event destination." in second.http.get(f"http://127.0.0.1:{second.simulator_port}/").text


def process_of(folder: Path, module: str) -> int:
    """Return the id of the process that runs `python -m <module>` in a folder."""
    ids = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                ids += [int(process.name)] * (
                    f"-m\0{module}\0".encode() in (process / "cmdline").read_bytes()
                )
        except OSError:
            continue
    (only,) = ids
    return only


def test_closing_the_window_stops_everything(folder: Path, terminals: Callable[..., Terminal]) -> None:
    terminal = terminals(folder)
    terminal.wait_for("Ctrl-C ends everything.")
    assert (is_free(terminal.port), is_free(terminal.simulator_port)) == (False, False)
    terminal.close_window()
    terminal.end(seconds=15)
    until(lambda: is_free(terminal.port) and is_free(terminal.simulator_port), 15)


@pytest.mark.parametrize("name", ["PORT", "SIMULATOR_PORT"])
def test_a_used_port_is_reported_with_the_remedy(
    folder: Path, terminals: Callable[..., Terminal], name: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal = terminals(folder, **{name: str(port)})
        assert terminal.end(seconds=30) == 2
    assert f"Error: another process listens on port {port} ({name})." in terminal.output
    assert f"make run {name}=" in terminal.output
    assert "Traceback" not in terminal.output


@pytest.mark.parametrize(
    ("ports", "message"),
    [
        (("http", "12111"), "PORT must be a port from 1 to 65535: make run PORT=8000"),
        (("8000", "65536"), "SIMULATOR_PORT must be a port from 1 to 65535: make run SIMULATOR_PORT=12111"),
        (("8000", "8000"), "PORT and SIMULATOR_PORT are both 8000: choose different ports"),
    ],
)
def test_invalid_ports_are_refused(folder: Path, ports: tuple[str, str], message: str) -> None:
    refused = make(folder, "-s", "run", f"PORT={ports[0]}", f"SIMULATOR_PORT={ports[1]}")
    assert refused.returncode != 0
    assert f"Error: {message}\n" in refused.stderr


def test_a_second_run_over_the_same_data_is_refused(run: Terminal) -> None:
    refused = make(run.folder, "-s", "run", PORT=str(free_port()), SIMULATOR_PORT=str(free_port()))
    assert refused.returncode != 0
    assert "Error: `make run` is already running" in refused.stderr
