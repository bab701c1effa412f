"""Every test that SECURITY.md names exists."""

import pathlib
import re

ROOT = pathlib.Path(__file__).parent.parent


def test_every_test_named_in_security_md_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text()))
    written = "\n".join(file.read_text() for file in (ROOT / "tests").rglob("test_*.py"))
    assert named - set(re.findall(r"def (test_\w+)\(", written)) == set()
    assert len(named) > 40
