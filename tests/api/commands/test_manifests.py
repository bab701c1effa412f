"""`python -m api manifests` publishes valid operations only, and lists and retires versions."""

import json
from pathlib import Path

import pytest

from api.commands import manifests
from resolvers.federation.names import Subgraph
from testing.deployment import deployment
from testing.processes import Simulator


@pytest.mark.one_database
def test_manifests_are_added_listed_and_retired(
    database_url: str, simulator: Simulator, tmp_path: Path
) -> None:
    service = deployment(database_url, simulator, tmp_path)

    def run(*arguments: str, **manifest: str) -> tuple[int, str]:
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        done = service.command("manifests", *arguments)
        return done.returncode, done.stdout + done.stderr.partition("Error: ")[2]

    file, role = "manifest.json", "query Role { viewer { role } }"
    assert run("add", "ios", "3.1", file, role=role, gone="{ gone }", wrong="{") == (
        1,
        (
            "gone: Cannot query field 'gone' on type 'Query'.\n"
            "wrong: Syntax Error: Expected Name, found <EOF>.\n"
        ),
    )
    assert run("add", "ios", " 3.1", file) == (
        1,
        "The version must be 1 to 64 printable characters.\nmanifest.json has no operations.\n",
    )
    assert run("add", "ios", "3.1", file, role=role) == (0, "ios 3.1: 1 operation added\n")
    assert run("add", "ios", "3.1", file, role=role) == (0, "ios 3.1: 1 operation is published already\n")
    assert run("add", "ios", "3.1", file, other=role) == (
        1,
        (
            "ios 3.1 already has a manifest with other operations. Retire it first, or give this one another "
            "version.\n"
        ),
    )
    assert run("add", "web", "7", file, role="{ viewer { role } }") == (
        1,
        "The id 'role' belongs to a different operation in the manifest of ios 3.1.\n",
    )
    titles = "client\tversion\tpublished\tin 7 days\tin 30 days\tlast used\n"
    assert run() == (0, f"{titles}ios\t3.1\t1\t0\t0\tnever\n")
    assert run("retire", "ios", "3.1") == (0, "")
    assert run("retire", "ios", "3.1") == (1, "ios 3.1 has no manifest.\n")
    assert run() == (0, titles)


def test_operations_for_a_subgraph_use_the_names_of_its_schema(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps({"role": "{ connectViewer { role } }"}))
    assert manifests.read("ios", "1", file, {}, Subgraph("Connect"))
    with pytest.raises(ValueError, match="Cannot query field 'connectViewer'"):
        manifests.read("ios", "1", file, {}, None)
