"""The files .env and .env.example."""

import itertools
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from api.configuration import settings as settings_module
from api.configuration import stripe_settings
from api.configuration.settings import SettingsError
from testing.processes import ROOT
from tests.api.production import PRODUCTION, read


@pytest.mark.slow
def test_dollars_and_braces_in_the_env_file_are_literal(tmp_path: Path) -> None:
    secret = "whsec_${HOME}$HOME$(id)" + "s" * 20
    (tmp_path / ".env").write_text(f"CONNECTQL_WEBHOOK_SECRETS={secret}\nCONNECTQL_PORT=${{PORT}}\n")
    script = """if True:
        import atexit, os
        from api.__main__ import main
        atexit.register(lambda: print(os.environ["CONNECTQL_WEBHOOK_SECRETS"]))
        main(["doctor"], standalone_mode=False)
    """
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": "/root", "PORT": "8000"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.stdout.splitlines()[-1] == secret
    assert "CONNECTQL_PORT must be a whole number from 1 to 65535." in ended.stdout


class Recorder(Mapping[str, str]):
    """An environment that records the names of the variables that were read."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_the_example_file_describes_every_variable_that_is_read() -> None:
    recorder = Recorder()
    for read_all in (settings_module.read, stripe_settings.read):
        with pytest.raises(SettingsError):
            read_all(recorder)
    lines = (ROOT / ".env.example").read_text().splitlines()
    named = {}
    for before, line in itertools.pairwise(lines):
        if shown := re.fullmatch(r"#([A-Z0-9_]+)=(.+)", line):
            assert re.fullmatch(r"# .+\.", before), line
            named[shown[1]] = shown[2]
        else:
            assert line == "" or line.startswith("# "), line
    assert set(named) == recorder.names | {"PORT", "SIMULATOR_PORT", "START_PORT"}


def test_the_example_file_shows_defaults_and_no_secret() -> None:
    text = (ROOT / ".env.example").read_text()
    shown = dict(re.findall(r"(?m)^#CONNECTQL_([A-Z0-9_]+)=(.+)$", text))
    assert {shown[name] for name in ("STRIPE_API_KEY", "WEBHOOK_SECRETS", "HS256_SECRET")} == {
        "sk_test_...",
        "whsec_...",
        "...",
    }
    elsewhere = {
        "DATABASE_DIRECT_URL",
        "DEVELOPMENT_KEY_FILE",
        "STRIPE_API_BASE",
        "STRIPE_DASHBOARD_BASE",
        "STRIPE_CONTEXT",
        "HS256_SECRET",
        "JWKS_FILE",
        "PERSISTED_OPERATIONS",
        "ADDRESS_REQUESTS_PER_MINUTE",
        "TRUSTED_PROXIES",
        "RETURN_SCHEMES",
        "BROWSER_ORIGINS",
        "WEBSOCKET_ORIGINS",
        "FEE_POLICY",
        "WALLET_DOMAINS",
        "STRIPE_PUBLISHABLE_KEY",
        "MERCHANTS_MAY_EMBED",
        "SERVICE_PRICES",
        "BOARD_CLIENT_ID",
        "BOARD_SCOPES",
        "BOARD_AUDIENCE",
        "BOARD_RESOURCE",
        "BOARD_PROVIDER_ORIGINS",
        "AUTH_ROLES",
        "AUTH_REQUIRED_CLAIMS",
        "EVENT_KEYS",
        "EVENT_PRIVATE_HOSTS",
        "METRICS_PORT",
        "SMTP_URL",
        "MAIL_FROM",
        "MAIL_TO",
        "MAIL_LINK",
        "MAIL_TEMPLATES",
    }
    examples = {
        name: value
        for name, value in shown.items()
        if name not in {*PRODUCTION, *elsewhere} and not name.endswith(("_FILE", "_2"))
    }
    assert read(**examples) == read()
    unset = {n for n in shown if n.endswith("_FILE")} | {
        "DATABASE_DIRECT_URL",
        "HS256_SECRET",
        "EVENT_KEYS",
        "PERSISTED_OPERATIONS",
        "JWKS_FILE_2",
        "STRIPE_CONTEXT",
    }
    database = PRODUCTION["DATABASE_URL"]  # the file shows the default, which production refuses
    assert read(**{**shown, **dict.fromkeys(unset), "DATABASE_URL": database})
