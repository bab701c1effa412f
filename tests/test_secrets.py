"""Secrets come from the environment or from files that are not in the repository."""

import re

from testing.processes import ROOT

# Matches Stripe's keys and signing secrets, private keys, and tokens.
SECRET = re.compile(
    r"[sr]k_(live|test)_\w{16,}|whsec_\w{16,}|-----BEGIN [A-Z ]*PRIVATE KEY|eyJ[\w-]{16,}\.eyJ[\w-]{16,}"
)
# Folders that contain invented secrets are not searched.
PLACES = ("api", "connect", "contract", "docs", "local", "models", "resolvers")


def test_the_searched_files_contain_no_secret() -> None:
    files = [
        file
        for place in PLACES
        for file in (ROOT / place).rglob("*")
        if not {"node_modules", "__pycache__"} & set(file.parts)
    ]
    files += [file for file in ROOT.iterdir() if file.name != ".env"]
    texts = {
        file.relative_to(ROOT): file.read_text(encoding="utf-8", errors="ignore")
        for file in files
        if file.is_file()
    }
    assert len(texts) > 100
    assert [str(file) for file, text in texts.items() if SECRET.search(text)] == []


def test_git_ignores_the_files_with_secrets() -> None:
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    assert {".env", "var/"} <= set(ignored)
