"""The version of the demo changes if a file that determines its data changes."""

import importlib.util
import shutil
from pathlib import Path
from types import ModuleType

from testing.processes import ROOT

# `demo.py` does not determine the data: it prepares and runs the demo, and its settings apply only to the
# finished demo.
UNRELATED = {"demo.py"}


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("copied_demo", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_version_changes_if_any_file_that_determines_the_data_changes(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "local" / "demo", folder, ignore=shutil.ignore_patterns("__pycache__"))
    demo = load(folder / "demo.py")
    first = demo.version()
    changed = set()
    for file in folder.glob("*.py"):
        text = file.read_text()
        file.write_text(f"{text}\n")
        if demo.version() != first:
            changed.add(file.name)
        file.write_text(text)
    assert demo.version() == first
    assert changed == {file.name for file in folder.glob("*.py")} - UNRELATED
