"""`python -m api ...`: the commands that operators and `make` use."""

import re
import shutil
from asyncio import to_thread
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from click.testing import CliRunner

from api.__main__ import main
from models import Merchant
from testing.deployment import command, deployment
from testing.processes import ROOT, Simulator, free_port
from testing.service import STRIPE_KEY, Service


def test_help_lists_the_commands() -> None:
    shown = CliRunner().invoke(main, ["--help"])
    assert shown.exit_code == 0
    assert re.findall(r"(?m)^  ([a-z]+)  ", shown.stdout) == [
        "audit",
        "destination",
        "doctor",
        "events",
        "import",
        "init",
        "makemigrations",
        "manifests",
        "migrate",
        "rebuild",
        "recover",
        "retention",
        "schema",
        "serve",
        "subgraph",
        "worker",
    ]
    assert CliRunner().invoke(main, ["serv"]).exit_code == 2


def test_the_schema_and_the_migrations_are_current() -> None:
    for arguments in (["schema", "--check"], ["makemigrations", "--check"]):
        checked = CliRunner().invoke(main, arguments)
        assert (checked.output, checked.exit_code) == ("", 0)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the code and return the folder of the copy, which a test may change."""
    for room in ("api", "connect", "models", "resolvers"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("static"))
    shutil.copyfile(ROOT / "schema.graphql", tmp_path / "schema.graphql")
    return tmp_path


def in_copy(copy: Path, *arguments: str) -> "CompletedProcess[str]":
    return command(copy, *arguments, PYTHONPATH=str(copy))


def test_a_stale_schema_is_detected_and_rewritten(copy: Path) -> None:
    file = copy / "schema.graphql"
    fresh = file.read_bytes()
    file.write_bytes(fresh.replace(b"createMerchant(", b"makeMerchant("))
    stale = in_copy(copy, "schema", "--check")
    assert (stale.returncode, stale.stdout) == (1, "")
    assert stale.stderr == "Error: schema.graphql is stale; run: make schema\n"
    assert file.read_bytes() != fresh
    assert in_copy(copy, "schema").returncode == 0
    assert file.read_bytes() == fresh


def test_a_missing_migration_is_detected_and_written(copy: Path) -> None:
    model = copy / "models" / "event.py"
    model.write_text(
        model.read_text().replace(
            "    body = fields.TextField()\n",
            "    body = fields.TextField()\n    note = fields.TextField(null=True)\n",
        )
    )
    before = {path.name for path in (copy / "models" / "migrations").glob("0*.py")}
    number = f"{max(int(name[:4]) for name in before) + 1:04}"
    missing = in_copy(copy, "makemigrations", "--check")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert re.fullmatch(
        rf"Error: a migration is missing: {number}_\w+; run: make migrations\n", missing.stderr
    )
    assert in_copy(copy, "makemigrations", "add_note").returncode == 0
    assert {path.name for path in (copy / "models" / "migrations").glob("0*.py")} - before == {
        f"{number}_add_note.py"
    }
    assert not (copy / "unused").exists()


async def test_rebuild_writes_the_document_of_every_merchant(service: Service, tmp_path: Path) -> None:
    service.simulator.control("deliveries", {"mode": "drop"})
    for name in ("shop-1", "shop-2"):
        await service.create(name)
    fields = "document", "merchant_document", "status", "row_version"
    before = await Merchant.all().order_by("id").values(*fields)
    await Merchant.all().update(document="{}", merchant_document="{}", status="UNKNOWN")
    settings = deployment(service.settings.database_url, service.simulator, tmp_path)
    rebuilt = await to_thread(settings.command, "rebuild")
    assert (rebuilt.returncode, rebuilt.stdout) == (0, "2 documents written\n"), rebuilt.stderr
    after = await Merchant.all().order_by("id").values(*fields)
    for row in (
        after + before
    ):  # the status changes to UNKNOWN and back, so the time of its last change differs
        for name in ("document", "merchant_document"):
            row[name] = re.sub(r'"(statusSince|since)":"[^"]+"', "", row[name])
    versions = [
        (row.pop("row_version"), old.pop("row_version")) for row, old in zip(after, before, strict=True)
    ]
    assert after == before
    assert all(new > old for new, old in versions)


def test_destination_prints_only_the_signing_secret(simulator: Simulator, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(f"{STRIPE_KEY}\n")
    url = f"http://127.0.0.1:{free_port()}/webhooks/stripe"
    alone = {"CONNECTQL_STRIPE_API_KEY_FILE": str(key), "CONNECTQL_STRIPE_API_BASE": simulator.base_url}
    result = command(tmp_path, "destination", url, **alone)
    assert result.returncode == 0
    assert re.fullmatch(r"whsec_\w{20,}\n", result.stdout)
    listed = simulator.client.get(
        "/v2/core/event_destinations?include[0]=webhook_endpoint.url",
        headers={"Authorization": f"Bearer {STRIPE_KEY}"},
    ).json()["data"]
    assert result.stderr == f"created {listed[0]['id']}\n"
    assert [(one["webhook_endpoint"]["url"], one["event_payload"], one["events_from"]) for one in listed] == [
        (url, "thin", ["@accounts", "@self"])
    ]


def test_events_prints_the_types_of_a_destination_for_the_stripe_cli(
    simulator: Simulator, tmp_path: Path
) -> None:
    settings = {"CONNECTQL_STRIPE_API_KEY": STRIPE_KEY, "CONNECTQL_STRIPE_API_BASE": simulator.base_url}
    command(tmp_path, "destination", "https://api.example/webhooks/stripe", **settings)
    (made,) = simulator.client.get(
        "/v2/core/event_destinations", headers={"Authorization": f"Bearer {STRIPE_KEY}"}
    ).json()["data"]
    printed = CliRunner().invoke(main, ["events"])
    assert printed.stdout == ",".join(made["enabled_events"]) + "\n"
    assert "v2.core.account[requirements].updated" in printed.stdout


def test_destination_explains_failures(simulator: Simulator, tmp_path: Path) -> None:
    base = {"CONNECTQL_STRIPE_API_BASE": simulator.base_url}
    live = "sk_live_" + "k" * 24
    elsewhere = command(tmp_path, "destination", "https://x.example", CONNECTQL_STRIPE_API_KEY=live, **base)
    assert (elsewhere.returncode, elsewhere.stdout) == (1, "")
    assert elsewhere.stderr == (
        "Error: the settings are invalid:\n"
        "- A live key must be sent to Stripe only. Remove CONNECTQL_STRIPE_API_BASE.\n"
    )
    refused = command(tmp_path, "destination", "nowhere", CONNECTQL_STRIPE_API_KEY=STRIPE_KEY, **base)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines()[-1] == "Error: webhook_endpoint.url: 'nowhere' is not a valid URL."
    assert STRIPE_KEY not in refused.stderr
    assert "Traceback" not in refused.stderr
