"""Finds the code that uses an undocumented name of a dependency, or replaces any name of a dependency."""

import ast
import functools
import importlib
import importlib.util
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGES = (
    *("api", "connect", "models", "resolvers", "local", "simulator"),
    *("bench", "contract", "fuzz", "testing", "tests", "tools", "torture"),
)

# Documented names that begin with an underscore.
DOCUMENTED = {"_replace", "_asdict", "_fields", "_make"}


ATTRIBUTE_FUNCTIONS = {"getattr", "setattr", "hasattr", "delattr"}
# `setattr` and `delattr` are also methods of pytest's monkeypatch. `patch` and `object` are the functions
# `patch` and `patch.object` of unittest.mock.
REPLACING_FUNCTIONS = {"setattr", "delattr", "patch", "object"}


class Extension(NamedTuple):
    """A class of this project, its base class in a dependency, and the base class's names that it uses."""

    file: str
    name: str
    base: str
    members: tuple[str, ...]


def is_private(name: str) -> bool:
    is_dunder_or_sunder = name.endswith("_")
    return bool(re.fullmatch(r"_[A-Za-z]\w*", name)) and not is_dunder_or_sunder and name not in DOCUMENTED


@functools.cache
def members(cls: type) -> set[str]:
    """The attributes of a class, and those of its instances that its source code names."""
    names: set[str] = set()
    for base in cls.__mro__:
        if base is cls or base.__module__.partition(".")[0] not in sys.stdlib_module_names:
            names |= set(vars(base)) | set(getattr(base, "__annotations__", ()))
            names |= set(re.findall(r"self\.(\w+)", _source(base)))
    return names


@functools.cache
def _source(cls: type) -> str:
    try:
        return inspect.getsource(cls)
    except (OSError, TypeError):  # compiled
        return ""


def load(path: str) -> object:
    """Import the module or attribute at a dotted path. Raises LookupError if there is none."""
    parts = path.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        try:
            return functools.reduce(getattr, parts[length:], value)
        except AttributeError:
            break
    raise LookupError(path)


class _File:
    def __init__(self, root: Path, path: Path) -> None:
        self.name = str(path.relative_to(root))
        self.module = self.name.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self.nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        self.classes = {node.name: node for node in self.nodes if isinstance(node, ast.ClassDef)}
        self.imports: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom):
                self.imports |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
            elif isinstance(node, ast.Import):
                for one in node.names:
                    name = one.name if one.asname else one.name.partition(".")[0]
                    self.imports[one.asname or name] = name

    def path(self, node: ast.AST) -> str | None:
        """The dotted path of an expression that begins with an imported name, or None."""
        first, _, rest = ast.unparse(node).partition(".")
        return ".".join(filter(None, (self.imports[first], rest))) if first in self.imports else None

    def replaced(self) -> Iterator[str]:
        """The dotted paths that this file assigns to or deletes, directly or with REPLACING_FUNCTIONS."""
        for node in self.nodes:
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
                yield self.path(node) or ""
            elif isinstance(node, ast.Call) and _function(node) in REPLACING_FUNCTIONS:
                match node.args:
                    case [ast.Constant(value=str(path)), *_]:
                        yield path
                    case [owner, ast.Constant(value=str(name)), *_]:
                        yield f"{self.path(owner) or ''}.{name}"
                    case [owner, name, *_]:  # a name that is computed at run time
                        yield f"{self.path(owner) or ''}.{ast.unparse(name)}"

    @functools.cached_property
    def own(self) -> set[str]:
        """The names that this file defines."""
        return {name for node in self.nodes for name in _defined(node)}


def _function(call: ast.Call) -> str:
    """The last part of the name of the called function."""
    return ast.unparse(call.func).rpartition(".")[2]


def _defined(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and _is_self(node.value):
        yield node.attr
    elif isinstance(node, ast.Assign) and any(
        isinstance(t, ast.Name) and t.id == "__slots__" for t in node.targets
    ):
        yield from ast.literal_eval(node.value)


def _mentioned(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.Import | ast.ImportFrom):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from node.module.split(".")
        for one in node.names:
            yield from one.name.split(".")
    elif isinstance(node, ast.keyword) and node.arg:
        yield node.arg
    elif (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ATTRIBUTE_FUNCTIONS
    ):
        yield from (
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )


def _is_self(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "super"
    return isinstance(node, ast.Name) and node.id in {"self", "cls"}


class Code:
    """The Python files of this project, parsed when they are first needed."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @functools.cached_property
    def files(self) -> dict[str, _File]:
        """The files by the names of their modules."""
        paths = [path for package in PACKAGES for path in sorted((self._root / package).rglob("*.py"))]
        ignored = {"node_modules", "migrations"}
        files = [_File(self._root, path) for path in paths if not ignored & set(path.parts)]
        return {file.module: file for file in files}

    def private_names(self) -> set[tuple[str, str]]:
        """Pairs of a file and a private name that the file uses but does not define."""
        uses = {(file.name, name) for file in self.files.values() for name in self._used_by(file)}
        return {(file, name) for file, name in uses if is_private(name)}

    def replaced_names(self) -> set[tuple[str, str]]:
        """Pairs of a file, and the dotted path of a dependency's name that the file replaces."""
        ours = {"", *PACKAGES, *sys.stdlib_module_names}
        uses = {(file.name, path) for file in self.files.values() for path in file.replaced()}
        return {(file, path) for file, path in uses if path.partition(".")[0] not in ours}

    def imports(self) -> set[str]:
        """The dotted paths of all imports from installed dependencies."""
        paths = {path for file in self.files.values() for path in file.imports.values()}
        tops = {path.partition(".")[0] for path in paths} - {*PACKAGES, *sys.stdlib_module_names}
        installed = {top for top in tops if importlib.util.find_spec(top)}
        return {path for path in paths if path.partition(".")[0] in installed}

    def extensions(self, internal: tuple[str, ...]) -> set[Extension]:
        """The classes that have a base class in one of these internal modules of dependencies."""
        return {
            Extension(file.name, node.name, _path(base), tuple(sorted(_used(node) & members(base))))
            for file in self.files.values()
            for node in file.classes.values()
            for base in self._bases(file, node)
            if base.__module__.startswith(internal)
        }

    def _used_by(self, file: _File) -> Iterator[str]:
        for node in file.nodes:
            yield from (name for name in _mentioned(node) if name not in file.own)
        for cls in file.classes.values():
            for base in self._bases(file, cls):
                yield from _used(cls) & members(base)

    def _bases(self, file: _File, node: ast.ClassDef) -> Iterator[type]:
        """The base classes in dependencies, of the class itself and of its base classes in this project."""
        for expression in node.bases:
            name = ast.unparse(expression.value if isinstance(expression, ast.Subscript) else expression)
            first, _, rest = name.partition(".")
            path = ".".join(filter(None, (file.imports.get(first, f"{file.module}.{first}"), rest)))
            module, _, cls = path.rpartition(".")
            if path.partition(".")[0] in PACKAGES:
                ours = self.files.get(module)
                if ours and cls in ours.classes and ours.classes[cls] is not node:
                    yield from self._bases(ours, ours.classes[cls])
            elif path.partition(".")[0] not in sys.stdlib_module_names and first in file.imports:
                # Dependencies of the benchmarks' peers may be missing in this environment.
                base = load(path) if importlib.util.find_spec(path.partition(".")[0]) else None
                if isinstance(base, type):
                    yield base


def _used(cls: ast.ClassDef) -> set[str]:
    """The names that a class defines in its body, and the names that follow `self.` or `super().`."""
    body = (node for statement in cls.body for node in _shallow(statement))
    attributes = {
        node.attr for node in ast.walk(cls) if isinstance(node, ast.Attribute) and _is_self(node.value)
    }
    return {name for name in attributes.union(*map(_defined, body)) if not name.startswith("__")}


def _shallow(statement: ast.stmt) -> Iterator[ast.AST]:
    """The nodes of a statement in a class body, without the bodies of functions and classes."""
    yield statement
    if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield from ast.walk(statement)


def _path(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
