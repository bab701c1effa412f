"""The documents name existing commands, files and links, and the README shows real answers."""

import json
import pathlib
import re
import subprocess

import pytest
from click.testing import CliRunner

from api.__main__ import main
from connect.platform.problems import ProblemCode
from local.stripe import OLD_SHOP
from simulator.control import faults, payments, scenarios, switches
from simulator.money import methods
from simulator.state import CONTROL
from simulator.wire.errors import INVENTED
from testing.service import ORIGIN, Service, eventually

ROOT = pathlib.Path(__file__).parent.parent
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "SECURITY.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]
TEXTS = {str(file.relative_to(ROOT)): file.read_text() for file in DOCUMENTS}
# The requests in the README's terminal sessions, with their answers.
EXAMPLES: list[tuple[str, str]] = re.findall(r"^\$ ask '(.+)'\n(.+)$", TEXTS["README.md"], re.MULTILINE)
CARD = {"method": "card", "email": "jo@example.com", "expiry": "12/34", "cvc": "123", "country": "US"}


def test_make_without_a_target_lists_the_commands() -> None:
    output = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    commands = {line.split()[1] for line in output.splitlines()}
    assert {"run", "test", "check", "token", "schema", "migrations", "simulator"} <= commands
    for name, text in TEXTS.items():
        names = set(re.findall(r"(?:`|    |\$\()make (?:-s )?([a-z-]+)", text))
        assert names - commands == set(), name


def test_every_documented_command_of_the_api_exists() -> None:
    named = re.compile(r"(?:python -m api|bin/connectql|^    connectql) ([a-z]+)", re.MULTILINE)
    for name, text in TEXTS.items():
        for command in set(named.findall(text)):
            assert CliRunner().invoke(main, [command, "--help"]).exit_code == 0, (name, command)


@pytest.mark.parametrize("name", TEXTS)
def test_every_linked_file_exists(name: str) -> None:
    links = re.findall(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)", TEXTS[name])
    assert [link for link in links if not (ROOT / name).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_documented_path_exists(name: str) -> None:
    rooms = (
        "api|bench|connect|contract|docs|fuzz|local|models|resolvers|simulator|testing|tests|tools|torture"
    )
    paths = re.findall(rf"(?<![\w./-])((?:{rooms})/[\w./-]*[\w/])", TEXTS[name])
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_troubleshooting_table_names_every_problem_code() -> None:
    table = TEXTS["docs/operating.md"].partition("## Troubleshooting")[2].partition("\n## ")[0]
    # If a row has several codes, only the first one has the common prefix. The others are like `_DISABLED`.
    names = [(code.value, code.value.removeprefix("DESTINATION")) for code in ProblemCode]
    assert [name for name, end in names if f"`{name}`" not in table and f"`{end}`" not in table] == []


def test_the_simulators_docs_name_every_scenario_switch_fault_setting_and_invented_code() -> None:
    text = TEXTS["docs/simulator.md"] + TEXTS["docs/simulator-money.md"] + TEXTS["docs/simulator-billing.md"]
    names = {
        *scenarios.SCENARIOS,
        *switches.PLATFORM,
        *switches.CLOSING,
        *CONTROL["switches"],
        *CONTROL["deliveries"],
        *faults.KINDS,
    }
    source = (ROOT / "simulator" / "settings.py").read_text()
    names |= set(re.findall(r"SIMULATOR_\w+", source))
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []
    for code, reason in INVENTED.items():
        assert f"| `{code}` | {reason} |" in text


def test_the_docs_of_simulated_payments_name_every_test_number_and_delay() -> None:
    text = TEXTS["docs/simulator-money.md"]
    tokens = {card.token for card in methods.CARDS.values()} | {bank.token for bank in methods.BANKS.values()}
    names = {*CONTROL["money"], *payments.PAYMENTS, *payments.SESSIONS, *payments.REFUNDS}
    assert [name for name in sorted(tokens | names) if f"`{name}`" not in text] == []
    digits = text.replace(" ", "")
    assert [number for number in (*methods.CARDS, *methods.BANKS) if number not in digits] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_answers_in_the_readme_are_real(service: Service) -> None:
    service.simulator.control("deliveries", {"mode": "drop"})
    service.simulator.control("accounts", OLD_SHOP)
    examples = EXAMPLES[:-4]
    assert len(examples) == 4
    for request, shown in examples:
        assert _stable(await _answer(service, request)) == _stable(shown)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_first_payment_in_the_readme_is_real(service: Service) -> None:
    account = (await service.create("shop-1", displayName="Shop"))["merchant"]["account"]["stripeAccountId"]
    service.simulator.control(f"accounts/{account}", {"scenario": "activate"})
    (refresh, refreshed), (order, page), paid, refunded = EXAMPLES[-4:]
    assert await _answer(service, refresh) == refreshed
    answer = await _answer(service, order)
    assert _stable(answer) == _stable(page)
    url = json.loads(answer)["data"]["createCheckout"]["url"]
    assert service.simulator.client.post(url, data={**CARD, "number": "4242424242424242"}).status_code == 303
    service.simulator.control("clock", {"advance_seconds": 2})
    await _wait_for(service, *paid)
    (payment,) = service.simulator.control("payments")["data"]
    refund = {"scenario": "refund", "amount": 1000}
    service.simulator.control(f"payments/{payment['intent']['id']}", refund)
    await _wait_for(service, *refunded)


async def _answer(service: Service, request: str) -> str:
    query = json.loads(request)["query"].replace("http://localhost:3000", ORIGIN)
    return (await service.post(query)).text


async def _wait_for(service: Service, request: str, shown: str) -> None:
    """Repeat the request until the answer equals `shown`."""

    async def is_shown() -> bool:
        return await _answer(service, request) == shown

    await eventually(is_shown)


def _stable(text: str) -> str:
    """Replace the times and URLs that differ in each run."""
    text = re.sub(r'"(syncedAt|expiresAt)":"[^"]+"', r'"\1":"..."', text)
    text = re.sub(r"http://[\w.:]+/r/acct_[^/]+/alu_test_\w*…?", "(link)", text)
    return re.sub(r"http://[\w.:]+/c/pay/cs_test_\w*…?", "(page)", text)
