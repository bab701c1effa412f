"""`python -m api import` adopts the accounts in a file. If the command is repeated, it continues."""

from pathlib import Path

import pytest

from api.commands import accounts_file, importing
from connect.merchants.adoption.imports import UNEXPECTED
from connect.stripe_api.gateway import Gateway
from testing import existing_accounts
from testing.deployment import Deployment, deployment
from testing.processes import Simulator
from testing.tables import rows, script

UNKNOWN = (
    "ACCOUNT_NOT_FOUND: Stripe does not show an account acct_none to the platform in a sandbox. Check the "
    "id, its mode, and that the account is connected to the platform of CONNECTQL_STRIPE_API_KEY."
)
CLOSED = (
    "CLOSED: The account is closed. A closed account stays closed. Give the merchant a new account with "
    "createMerchant."
)
REMEDY = "Not all accounts are finished. Run the same command again to continue."
TWICE = "stripe_account_id: An earlier entry gives this account the externalId %s. Remove one of the entries."


def fetches(simulator: Simulator) -> int:
    return int(simulator.control("calls")["calls"].get("GET /v2/core/accounts/{id}", 0))


def stored(service: Deployment) -> dict[str, str]:
    """The account id of each merchant, by the merchant's external id."""
    found = rows(
        service.database_url,
        "SELECT external_id, stripe_account_id FROM merchant m JOIN connected_account a"
        " ON a.merchant_id = m.id",
    )
    return {row["external_id"]: row["stripe_account_id"] for row in found}


def test_an_import_reports_each_line_and_a_repeated_import_repeats_no_calls(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    first, second, closed = (existing_accounts.create(simulator) for _ in range(3))
    simulator.control(f"accounts/{closed}", {"scenario": "close"})
    service = deployment(database_url, simulator, tmp_path)
    file = tmp_path / "accounts.csv"
    file.write_bytes(
        b"\xef\xbb\xbfexternal_id;stripe_account_id;contact_email\r\n"
        + f"shop-1;{first};\r\nshop-2;acct_none;\r\n;{second};\r\n".encode()
        + f"shop-3;{second};nobody\r\nshop-4;{closed};\r\nshop-5;{first};\r\n".encode()
        + f"shop-6;{second};\r\n".encode()
    )
    lines = [
        f"3\trefused\tshop-2\tacct_none\t{UNKNOWN}",
        "4\tinvalid\t\t\texternal_id: Must not be empty.",
        f"5\trefused\tshop-3\t{second}\tcontact_email: Give one e-mail address, such as owner@shop.example.",
        f"6\trefused\tshop-4\t{closed}\t{CLOSED}",
        f"7\trefused\tshop-5\t{first}\t{TWICE % 'shop-1'}",
        f"8\trefused\tshop-6\t{second}\t{TWICE % 'shop-3'}",
    ]
    dry = service.command("import", str(file), "--dry-run")
    assert dry.stdout.splitlines() == [
        f"2\tadoptable\tshop-1\t{first}",
        *lines,
        "1 adoptable, 5 refused, 1 invalid",
    ]
    assert (dry.returncode, stored(service)) == (1, {})
    real = service.command("import", str(file))
    assert real.stdout.splitlines() == [
        f"2\tadopted\tshop-1\t{first}",
        *lines,
        "1 adopted, 5 refused, 1 invalid",
    ]
    assert (real.returncode, stored(service)) == (1, {"shop-1": first})

    file.write_text(f"external_id,stripe_account_id\nshop-1,{first}\nshop-3,{second}\n")
    before = fetches(simulator)
    again = service.command("import", str(file))
    assert again.stdout.splitlines() == [
        f"2\tunchanged\tshop-1\t{first}",
        f"3\tadopted\tshop-3\t{second}",
        "1 adopted, 1 unchanged",
    ]
    assert (again.returncode, fetches(simulator) - before) == (0, 1)
    assert stored(service) == {"shop-1": first, "shop-3": second}


def test_a_database_error_fails_only_the_affected_lines_and_a_repeated_import_continues(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    accounts = [existing_accounts.create(simulator) for _ in range(2)]
    service = deployment(database_url, simulator, tmp_path)
    file = tmp_path / "accounts.csv"
    first, second = (f"shop-{number},{account}\n" for number, account in enumerate(accounts))
    file.write_text(f"external_id,stripe_account_id\n{first}")
    assert service.command("import", str(file)).returncode == 0
    file.write_text(f"external_id,stripe_account_id\n{first}{second}")
    script(database_url, "ALTER TABLE timeline_entry RENAME TO hidden")
    failed = service.command("import", str(file))
    done, line, summary, remedy = failed.stdout.splitlines()
    assert failed.returncode == 1
    assert done == f"2\tunchanged\tshop-0\t{accounts[0]}"
    assert line == f"3\tfailed\tshop-1\t{accounts[1]}\t{UNEXPECTED}"
    assert (summary, remedy) == ("1 unchanged, 1 failed", REMEDY)
    assert "entry_not_imported" in failed.stdout + failed.stderr
    script(database_url, "ALTER TABLE hidden RENAME TO timeline_entry")
    assert service.command("import", str(file)).stdout.splitlines()[-1] == "1 adopted, 1 unchanged"
    assert stored(service) == {"shop-0": accounts[0], "shop-1": accounts[1]}


@pytest.mark.one_database
@pytest.mark.usefixtures("database")
async def test_an_import_that_is_interrupted_still_writes_the_summary() -> None:
    table = accounts_file.read(b"external_id,stripe_account_id\n\n,acct_1\nshop-2,acct_2\n")
    lines: list[str] = []

    def write(line: str) -> None:
        lines.append(line)
        if len(lines) == 1:
            raise KeyboardInterrupt

    gateway = Gateway("sk_test_" + "x" * 24)
    with pytest.raises(KeyboardInterrupt):
        await importing.run(gateway, table, write, dry_run=False)
    await gateway.close()
    assert lines[1:] == ["1 invalid, 1 not finished", REMEDY]


def test_an_import_during_an_outage_ends_with_the_remedy(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database_url, simulator, tmp_path)
    file = tmp_path / "accounts.csv"
    file.write_text("external_id,stripe_account_id\n" + "".join(f"s-{n},acct_{n}\n" for n in range(23)))
    refused = {"status": 503, "headers": {"Stripe-Should-Retry": "false"}, "times": 100}
    simulator.control("faults", {"path": "*", "method": "GET", **refused})
    result = service.command("import", str(file))
    assert result.returncode == 1
    *lines, summary, remedy = result.stdout.splitlines()
    assert {line.split("\t")[1] for line in lines} == {"unanswered"}
    assert (len(lines), summary) == (20, "20 unanswered, 3 not finished")
    assert remedy == REMEDY
    unreadable = service.command("import", "-")
    assert (unreadable.returncode, unreadable.stdout) == (1, "")
    assert "The file is empty." in unreadable.stderr
