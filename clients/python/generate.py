"""Writes the package `connectql_client` from schema.graphql and the operations, with ariadne-codegen.

`--check` compares the package with the result instead. The asynchronous and the synchronous client share all
types, so ariadne-codegen runs twice, and the second run gives only the synchronous client.
"""

import ast
import contextlib
import filecmp
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from ariadne_codegen.main import client as generate
from ariadne_codegen.plugins.base import Plugin
from graphql import DefinitionNode, NonNullTypeNode, OperationDefinitionNode, OperationType, parse, print_ast

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parent.parent / "schema.graphql"
OPERATIONS = (HERE.parent / "typescript" / "operations", HERE / "operations")
PACKAGE = HERE / "connectql_client"

SCALARS = {
    "CountryCode": "str",
    "CurrencyCode": "str",
    "Date": "datetime.date",
    "DateTime": "datetime.datetime",
    "MinorUnits": "int",
    "URL": "str",
}
PLUGINS = [
    "generate.OpenTypes",
    "ariadne_codegen.contrib.extract_operations.ExtractOperationsPlugin",
    "ariadne_codegen.contrib.shorter_results.ShorterResultsPlugin",
]
HEADER = "# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.\n\n"


class OpenTypes(Plugin):
    """Accepts enum values and members of unions that a newer API may add."""

    def generate_enums_code(self, generated_code: str) -> str:
        code = generated_code.replace("from enum import Enum\n", "from .open_enum import OpenEnum\n")
        return code.replace("(str, Enum)", "(OpenEnum)")

    def generate_result_class(self, class_def: ast.ClassDef, *_: Any, **__: Any) -> ast.ClassDef:
        fields: dict[str, ast.stmt] = {}
        for statement in class_def.body:
            if isinstance(statement, ast.AnnAssign):
                _open(statement)
            # A fragment repeats the type name of its parent.
            fields.setdefault(ast.unparse(getattr(statement, "target", statement)), statement)
        class_def.body = list(fields.values())
        return class_def

    def generate_operation_str(self, operation_str: str, **_: Any) -> str:
        """Add the fragments that ariadne-codegen leaves out: those in fragments on an interface."""
        fragments = {one.name.value: one for one in read() if kind(one) is None}
        known = {one.name.value for one in parse(operation_str).definitions if kind(one) is None}
        texts, waiting = [operation_str], sorted(_spreads(operation_str) - known)
        while waiting:
            name = waiting.pop()
            known.add(name)
            texts.append(print_ast(fragments[name]))
            waiting += sorted(_spreads(texts[-1]) - known - {*waiting})
        return "\n\n".join(texts)

    def generate_result_types_code(self, generated_code: str) -> str:
        return _import(generated_code)

    def generate_client_code(self, generated_code: str) -> str:
        return _import(generated_code.replace('"UnknownResult"', "UnknownResult"))


def _spreads(text: str) -> set[str]:
    """The names of the fragments that a text spreads."""
    return set(re.findall(r"\.\.\.(?!on\b)(\w+)", text))


def _import(code: str) -> str:
    """Import UnknownResult if the code uses it."""
    if "UnknownResult" not in code:
        return code
    return code.replace("from .base_model", "from .unknown_result import UnknownResult\nfrom .base_model", 1)


def _open(field: ast.AnnAssign) -> None:
    """Add UnknownResult to a union of results."""
    call, union = field.value, field.annotation
    if not isinstance(call, ast.Call) or not isinstance(union, ast.Subscript):
        return
    if any(keyword.arg == "discriminator" for keyword in call.keywords) and isinstance(
        union.slice, ast.Tuple
    ):
        union.slice.elts.append(ast.Constant("UnknownResult"))
        mode = ast.keyword("union_mode", ast.Constant("left_to_right"))
        call.keywords = [keyword for keyword in call.keywords if keyword.arg != "discriminator"] + [mode]


def read() -> list[DefinitionNode]:
    """Read all operations and fragments."""
    files = [file for part in OPERATIONS for file in sorted(part.glob("*.graphql"))]
    definitions = [
        definition for file in files for definition in parse(file.read_text(encoding="utf-8")).definitions
    ]
    for definition in definitions:
        for variable in getattr(definition, "variable_definitions", None) or ():
            # ariadne-codegen requires each variable of a non-null type, even if it has a default.
            if variable.default_value is not None and isinstance(variable.type, NonNullTypeNode):
                variable.type = variable.type.type
    return definitions


def kind(definition: DefinitionNode) -> OperationType | None:
    """The kind of an operation; None for a fragment."""
    return definition.operation if isinstance(definition, OperationDefinitionNode) else None


def run(folder: Path, definitions: list[DefinitionNode], *, asynchronous: bool) -> Path:
    """Generate a package in this folder. A synchronous client has no subscriptions."""
    if not asynchronous:
        definitions = [one for one in definitions if kind(one) is not OperationType.SUBSCRIPTION]
    queries = folder / "queries.graphql"
    queries.write_text("\n\n".join(map(print_ast, definitions)), encoding="utf-8")
    name = "async" if asynchronous else "sync"
    settings: dict[str, Any] = {
        "schema_path": str(SCHEMA),
        "queries_path": str(queries),
        "target_package_path": str(folder),
        "target_package_name": name,
        "client_name": "AsyncClient" if asynchronous else "Client",
        "client_file_name": "async_client" if asynchronous else "client",
        "async_client": asynchronous,
        "include_all_inputs": False,
        "include_all_enums": False,
        "include_comments": "none",
        "multipart_uploads": False,
        "files_to_include": [str(file) for file in sorted((HERE / "parts").glob("*.py"))],
        "plugins": PLUGINS,
        "scalars": {scalar: {"type": type_} for scalar, type_ in SCALARS.items()},
    }
    with contextlib.redirect_stdout(io.StringIO()):
        generate({"tool": {"ariadne-codegen": settings}})
    return folder / name


def write(folder: Path) -> Path:
    """Generate the package with both clients in this folder."""
    definitions = read()
    mutations = "|".join(one.name.value for one in definitions if kind(one) is OperationType.MUTATION)
    package = run(folder, definitions, asynchronous=True)
    synchronous = run(folder, definitions, asynchronous=False)
    for name in ("client.py", "base_client.py"):
        shutil.copy(synchronous / name, package / name)
    init = package / "__init__.py"
    text = init.read_text(encoding="utf-8")
    text = text.replace("from .base_model", "from .base_client import BaseClient\nfrom .base_model", 1)
    text = text.replace("from .create_", "from .client import Client\nfrom .create_", 1)
    text = text.replace(
        "__all__ = [", '__all__ = [\n    "BaseClient",\n    "Client",\n    "UnknownResult",', 1
    )
    text = text.replace(
        "from .update_merchant", "from .unknown_result import UnknownResult\nfrom .update_merchant", 1
    )
    init.write_text(text, encoding="utf-8")
    for file in package.glob("*.py"):
        # CreateMerchantCreateMerchantInvalidInputError: the operation and its only field have the same name.
        code = re.sub(rf"\b({mutations})\1(?=[A-Z])", r"\1", file.read_text(encoding="utf-8"))
        file.write_text(HEADER + code, encoding="utf-8")
    (package / "py.typed").touch()
    ruff = Path(sys.executable).with_name("ruff")
    options = ["--isolated", "--quiet", "--line-length", "110", "--target-version", "py310"]
    subprocess.run([ruff, "check", *options, "--select", "I,F401", "--fix", package], check=True)
    subprocess.run([ruff, "format", *options, package], check=True)
    return package


def main() -> int:
    """Return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        package = write(Path(folder))
        if "--check" not in sys.argv:
            shutil.rmtree(PACKAGE, ignore_errors=True)
            shutil.copytree(package, PACKAGE)
            return 0
        names = {path.name for part in (package, PACKAGE) for path in part.glob("*") if path.is_file()}
        _, different, missing = filecmp.cmpfiles(package, PACKAGE, sorted(names), shallow=False)
        if different or missing:
            files = ", ".join([*different, *missing])
            print(f"clients/python is stale ({files}); run: make client", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
