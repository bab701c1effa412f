"""`connectql init` needs a key of Stripe and writes settings with which the service can start."""

import os
import pty
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.commands.init import NotSetUp, complete, format_file, read_file, run
from testing import confidential
from testing.deployment import PATH, command
from testing.processes import Simulator, free_port
from testing.service import STRIPE_KEY

pytestmark = pytest.mark.one_database


def no_answer(_text: str, default: str = "", *, is_secret: bool = False) -> str:  # noqa: ARG001
    return default


def destinations(simulator: Simulator) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {STRIPE_KEY}"}
    answer = simulator.client.get("/v2/core/event_destinations?include=webhook_endpoint.url", headers=headers)
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def test_init_without_a_terminal_writes_the_file_once_and_makes_one_destination(
    simulator: Simulator, tmp_path: Path
) -> None:
    confidential.keep("API key", STRIPE_KEY)
    (tmp_path / "key").write_text(f"{STRIPE_KEY}\n")
    url = f"http://localhost:{free_port()}"
    arguments = ["init", "--key-file", "key", "--public-url", url]
    variables = {
        "CONNECTQL_STRIPE_API_BASE": simulator.base_url,
        "CONNECTQL_FEE_POLICY": "EUR 2% + 0.30, * 3%",
    }
    done = command(tmp_path, *arguments, **variables)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    file = tmp_path / ".env"
    written = read_file(file)
    secret = confidential.keep("signing secret", written.pop("CONNECTQL_WEBHOOK_SECRETS"))
    assert secret.startswith("whsec_")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert written == {
        **variables,
        "CONNECTQL_STRIPE_API_KEY": STRIPE_KEY,
        "CONNECTQL_PUBLIC_URL": url,
        "CONNECTQL_PORT": url.rpartition(":")[2],
        "CONNECTQL_ENVIRONMENT": "development",
        "CONNECTQL_RETURN_ORIGINS": "http://localhost:3000",
        "CONNECTQL_DATABASE_URL": "sqlite:///var/connectql.db",
        "CONNECTQL_AUTH_ISSUER": "connectql-local",
        "CONNECTQL_AUTH_AUDIENCE": "connectql",
        "CONNECTQL_DEVELOPMENT_KEY_FILE": "var/development-key.json",
    }
    (destination,) = destinations(simulator)
    assert destination["webhook_endpoint"]["url"] == f"{url}/webhooks/stripe"
    lines = done.stdout.splitlines()
    assert f"created the event destination {destination['id']} for {url}/webhooks/stripe" in lines
    assert [line for line in lines if line.startswith(("PROBLEM", "?"))] == []
    assert f"  GraphQL                {url}/graphql   with the header Authorization: Bearer <token>" in lines
    assert STRIPE_KEY not in done.stdout
    assert secret not in done.stdout

    refused = command(tmp_path, *arguments, **variables)
    assert (refused.returncode, refused.stderr) == (1, "Error: .env exists. Use --replace to change it.\n")
    replaced = command(tmp_path, "init", "--replace", "--return-origins", "https://app.example")
    assert replaced.returncode == 0, replaced.stdout + replaced.stderr
    changed = {"CONNECTQL_RETURN_ORIGINS": "https://app.example", "CONNECTQL_WEBHOOK_SECRETS": secret}
    assert read_file(file) == written | changed
    assert destinations(simulator) == [destination], "no second destination"

    file.rename(tmp_path / "lost")
    lost = command(tmp_path, *arguments, **variables)
    assert (lost.returncode, file.exists()) == (1, False)
    assert f"Stripe has the event destination {destination['id']}" in lost.stderr


def test_in_a_terminal_init_asks_for_the_key_and_never_shows_it(simulator: Simulator, tmp_path: Path) -> None:
    confidential.keep("API key", STRIPE_KEY)
    keyboard, screen = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "api", "init"],
        cwd=tmp_path,
        env={**PATH, "CONNECTQL_STRIPE_API_BASE": simulator.base_url},
        stdin=screen,
        stdout=screen,
        stderr=screen,
        start_new_session=True,
    )
    os.close(screen)
    shown = ""
    answers = {
        "rk_...), not shown: ": STRIPE_KEY,
        "[http://localhost:8000]: ": "",
        "[http://localhost:3000]: ": "http://localhost:5173",
        "that this machine signs): ": "",
    }
    for question, answer in answers.items():
        while not shown.endswith(question):
            shown += os.read(keyboard, 4096).decode()
        os.write(keyboard, f"{answer}\n".encode())
    try:
        while chunk := os.read(keyboard, 4096):
            shown += chunk.decode()
    except OSError:  # the process has ended
        pass
    os.close(keyboard)
    assert process.wait(60) == 0, shown
    assert STRIPE_KEY not in shown
    written = read_file(tmp_path / ".env")
    assert written["CONNECTQL_STRIPE_API_KEY"] == STRIPE_KEY
    assert written["CONNECTQL_RETURN_ORIGINS"] == "http://localhost:5173"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({}, "CONNECTQL_STRIPE_API_KEY is missing"),
        ({"STRIPE_API_KEY": STRIPE_KEY, "PUBLIC_URL": "nonsense"}, "CONNECTQL_PUBLIC_URL must be"),
        (
            {"STRIPE_API_KEY": "sk_live_" + "L" * 24, "STRIPE_API_BASE": ""},
            "CONNECTQL_DATABASE_URL is missing",
        ),
    ],
)
def test_nothing_is_created_with_invalid_settings(
    simulator: Simulator, tmp_path: Path, changed: dict[str, str], problem: str
) -> None:
    variables = {"STRIPE_API_BASE": simulator.base_url, **changed}
    done = command(tmp_path, "init", **{f"CONNECTQL_{name}": value for name, value in variables.items()})
    assert done.returncode == 1
    assert problem in done.stderr
    assert list(tmp_path.iterdir()) == []
    assert destinations(simulator) == []


def test_a_key_without_permissions_leaves_no_file(simulator: Simulator, tmp_path: Path) -> None:
    key = confidential.keep("API key", "rk_test_" + "W" * 24)
    simulator.control("keys", {"key": key, "permissions": []})
    variables = {"CONNECTQL_STRIPE_API_BASE": simulator.base_url, "CONNECTQL_STRIPE_API_KEY": key}
    done = command(tmp_path, "init", **variables)
    assert done.returncode == 1
    assert "permission" in done.stderr
    assert list(tmp_path.iterdir()) == []


async def test_a_destination_whose_secret_cannot_be_stored_is_deleted(
    simulator: Simulator, tmp_path: Path
) -> None:
    known = {
        "CONNECTQL_STRIPE_API_KEY": STRIPE_KEY,
        "CONNECTQL_STRIPE_API_BASE": simulator.base_url,
        "CONNECTQL_PUBLIC_URL": "http://localhost:8000",
        "CONNECTQL_RETURN_ORIGINS": "http://localhost:3000",
    }
    (tmp_path / "folder").mkdir()
    simulator.control("calls", method="DELETE")
    with pytest.raises(NotSetUp, match="folder cannot be written: Is a directory"):
        await run(complete(known, no_answer), tmp_path / "folder", {}, print)
    assert "DELETE /v2/core/event_destinations/{id}" in simulator.control("calls")["calls"]
    assert destinations(simulator) == []
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]  # noqa: ASYNC240


def test_a_live_key_sets_production_and_no_local_default() -> None:
    values = complete({"CONNECTQL_STRIPE_API_KEY": "sk_live_x"}, no_answer)
    assert values == {"CONNECTQL_STRIPE_API_KEY": "sk_live_x", "CONNECTQL_ENVIRONMENT": "production"}


def test_no_value_is_added_for_a_secret_that_is_in_a_file() -> None:
    names = ("STRIPE_API_KEY_FILE", "DATABASE_URL_FILE", "WEBHOOK_SECRETS_FILE", "HS256_SECRET_FILE")
    known = {f"CONNECTQL_{name}": "/run/secrets/x" for name in names}
    added = {"ENVIRONMENT": "development", "PUBLIC_URL": "http://localhost:8000", "PORT": "8000"}
    added["RETURN_ORIGINS"] = "http://localhost:3000"
    assert complete(known, no_answer) == known | {f"CONNECTQL_{name}": text for name, text in added.items()}


@pytest.mark.parametrize(
    "value", ["a b", "it's", '"quoted"', "back\\slash", "# no comment", "${HOME}", "é", "two\nlines"]
)
def test_every_value_can_be_read_back(value: str, tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(format_file({"CONNECTQL_X": value}))
    assert read_file(file) == {"CONNECTQL_X": value}
