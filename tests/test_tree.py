"""The test folders mirror the code. Shared code, proofs, measurements and tools do not import tests."""

import ast
import functools
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from graphql import ObjectTypeDefinitionNode, parse

from testing.private_names import PACKAGES
from testing.processes import ROOT

TESTS = ROOT / "tests"
# Folders with tests of the whole system.
WHOLE = {"clients", "isolation", "journeys"}
# Files that test several modules of their folder together.
BEHAVIOURS = {
    "api/auth/test_several_issuers.py",
    "api/graphql/test_answer_cache.py",
    "api/graphql/test_browsers.py",
    "api/test_return_to_apps.py",
    "api/test_calls_to_stripe.py",
    "api/test_conflicts.py",
    "api/test_crowds.py",
    "api/test_outage.py",
    "connect/merchants/test_large_accounts.py",
    "local/test_run.py",
    "models/test_roles.py",
    "models/test_tls.py",
    "models/test_upgrade.py",
    "resolvers/merchants/test_query_plans_of_the_database.py",
    "resolvers/payments/test_query_plans_of_payments.py",
    "resolvers/test_query_plans_of_money.py",
    "resolvers/test_scope.py",
    "resolvers/test_statements.py",
    "simulator/wire/test_v1.py",
}


@functools.cache
def files() -> list[Path]:
    git_ignored = {"node_modules", "__pycache__", "__generated__"}
    return [file for file in sorted(TESTS.rglob("*.py")) if not git_ignored & set(file.parts)]


@functools.cache
def root_fields() -> set[str]:
    """Return the fields of Query, Mutation and Subscription as file names, such as close_merchant."""
    document = parse((ROOT / "schema.graphql").read_text(encoding="utf-8"))
    types = [node for node in document.definitions if isinstance(node, ObjectTypeDefinitionNode)]
    roots = [node for node in types if node.name.value in {"Query", "Mutation", "Subscription"}]
    return {
        re.sub("[A-Z]", lambda c: f"_{c[0].lower()}", f.name.value)
        for node in roots
        for f in node.fields or ()
    }


def mirrors_code(file: Path) -> bool:
    """Tell whether the test file has the path and name of a module or folder, or the name of a root field.

    A suffix may follow the module's name, as in test_document_schema.py.
    """
    words = file.stem.removeprefix("test_").split("_")
    names = {"_".join(words[:count]) for count in range(1, len(words) + 1)}
    if file.is_relative_to(TESTS / "resolvers") and names & root_fields():
        return True
    folder = ROOT / file.relative_to(TESTS).parent
    modules = {path.stem for path in folder.glob("*.py")} | {
        path.name for path in folder.iterdir() if path.is_dir()
    }
    return bool(names & {name.strip("_") for name in modules})


def test_each_test_file_has_the_path_and_name_of_its_module() -> None:
    tests = [file.relative_to(TESTS) for file in files() if file.name.startswith("test_")]
    inner = [path for path in tests if len(path.parts) > 1 and path.parts[0] not in WHOLE]
    assert {str(path) for path in inner if not mirrors_code(TESTS / path)} == BEHAVIOURS


@pytest.mark.parametrize("package", ["torture", "fuzz", "bench"])
def test_a_package_is_imported_only_by_its_own_tests(package: str) -> None:
    importers = {file.relative_to(TESTS).parts[0] for file in files() if package in imports(file)}
    assert importers <= {package}


def test_no_code_outside_tests_imports_tests() -> None:
    code = []
    for name, folders, names in os.walk(ROOT):
        # Leave out virtual environments, libraries and git's data.
        folders[:] = [one for one in folders if not one.startswith(".") and one != "node_modules"]
        if Path(name) == ROOT:
            folders.remove(TESTS.name)
        code += [Path(name, one) for one in names if one.endswith(".py")]
    assert {file.relative_to(ROOT).parts[0] for file in code} >= set(PACKAGES) - {TESTS.name}
    # Parsing takes most of the time, so only the few files with the word `tests` are parsed.
    assert [file for file in code if b"tests" in file.read_bytes() and TESTS.name in imports(file)] == []


def test_tests_of_pure_rules_load_neither_a_database_nor_a_browser() -> None:
    program = (
        "import pytest, sys\n"
        "assert not pytest.main(['--collect-only', '-qq', *sys.argv[1:]])\n"
        "print(*sorted({'asyncpg', 'playwright', 'tortoise'} & set(sys.modules)))\n"
    )
    rules = [
        "status/test_status",
        "account/test_requirements",
        "account/test_snapshot",
        "status/test_next_action",
        "test_document",
    ]
    files = [f"tests/connect/merchants/rules/{name}.py" for name in rules]
    argv = [sys.executable, "-c", program, *files]
    result = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == ""


@functools.cache
def imports(file: Path) -> set[str]:
    """Return the top-level packages that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names
