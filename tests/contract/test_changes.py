"""The contract check reports each breaking change that is not accepted with a reason."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from graphql import build_schema

from contract import changes
from contract.changes import Accepted
from testing.processes import ROOT

RELEASED = """
interface Node { id: ID! }
type Query { shop(by: Ref!, order: Order = ASC): Result! }
type Shop implements Node { id: ID! name: String! size: Int weight: Int }
type Refused { message: String! }
union Result = Shop | Refused
enum Order { ASC DESC }
input Ref { id: ID name: String }
"""


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (" size: Int", "", "Field Shop.size was removed."),
        ("name: String! size", "name: String size", "Field Shop.name changed type from String! to String."),
        ("ASC DESC", "ASC", "Enum value Order.DESC was removed."),
        ("Shop | Refused", "Shop", "Refused was removed from union type Result."),
        ("id: ID name", "id: ID! name", "Field Ref.id changed type from ID to ID!."),
        ("Order = ASC", "Order!", "Argument Query.shop(order:) has changed type from Order to Order!."),
        ("Shop implements Node", "Shop", "Shop no longer implements interface Node."),
        (
            "order: Order",
            "limit: Int!, order: Order",
            "A required argument Query.shop(limit:) was added.",
        ),
        ("input Ref", "directive @oneOf on INPUT_OBJECT input Ref @oneOf", "Ref became a @oneOf input."),
    ],
)
def test_a_breaking_change_is_reported(before: str, after: str, change: str) -> None:
    assert RELEASED.count(before) == 1
    problems = changes.problems(build_schema(RELEASED), build_schema(RELEASED.replace(before, after)), [])
    assert problems == [f"breaks clients: {change}"]


@pytest.mark.parametrize(
    ("before", "after", "dangerous"),
    [
        ("size: Int", "size: Int url: String", []),
        ("size: Int", "size: Int!", []),
        ("ASC DESC", "ASC DESC NONE", ["Enum value Order.NONE was added."]),
        ("Shop | Refused", "Shop | Refused | Query", ["Query was added to union type Result."]),
        (
            "Order = ASC",
            "Order = DESC",
            ["Query.shop(order:) has changed defaultValue from ASC to DESC."],
        ),
        (
            "id: ID name: String }",
            "id: ID name: String url: ID }",
            ["An optional field Ref.url was added."],
        ),
    ],
)
def test_a_change_that_breaks_no_operation_passes_and_is_reported_if_dangerous(
    before: str, after: str, dangerous: list[str]
) -> None:
    assert RELEASED.count(before) == 1
    released, current = build_schema(RELEASED), build_schema(RELEASED.replace(before, after))
    assert changes.problems(released, current, []) == []
    assert changes.dangerous(released, current) == dangerous


def test_an_accepted_change_passes_only_if_the_schema_still_has_the_change() -> None:
    released, current = build_schema(RELEASED), build_schema(RELEASED.replace(" size: Int", ""))
    accepted = [Accepted("Field Shop.size was removed.", "Unused.")]
    assert changes.problems(released, current, accepted) == []
    assert changes.problems(released, released, accepted) == [
        "accepted, but the schema has no such change: Field Shop.size was removed."
    ]


def test_an_accepted_change_needs_a_reason() -> None:
    with pytest.raises(ValueError, match=r"^no reason for the accepted change: Field Shop"):
        changes.read_accepted('[[accepted]]\nchange = "Field Shop.size was removed."\nreason = " "')


@pytest.mark.slow
def test_a_change_is_refused_then_accepted_then_released(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "contract", tmp_path / "contract", ignore=shutil.ignore_patterns("node_modules"))
    schema, released, accepted = (
        tmp_path / name for name in ("schema.graphql", "contract/released.graphql", "contract/accepted.toml")
    )
    text = released.read_text()
    header = accepted.read_text().partition("\n[[accepted]]")[0]
    line = '  """The status in one plain sentence."""\n  summary: String!\n'
    assert text.count(line) == 1
    schema.write_text(text.replace(line, ""))
    accepted.write_text(header)

    def run(*argv: str) -> tuple[int, str]:
        process = subprocess.run(
            [sys.executable, "-m", "contract", *argv],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        return process.returncode, process.stdout + process.stderr

    code, output = run()
    assert (code, output.splitlines()[0]) == (1, "Error: breaks clients: Field Merchant.summary was removed.")
    accepted.write_text(
        f'{header}\n[[accepted]]\nchange = "Field Merchant.summary was removed."\nreason = "Unused."\n'
    )
    assert run() == (0, "")
    assert run("release") == (0, "- Field Merchant.summary was removed. Unused.\n")
    assert released.read_text() == schema.read_text()
    assert accepted.read_text() == header
    assert run() == (0, "")
