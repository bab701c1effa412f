"""`python -m api import`: adopts the accounts of a CSV file and prints one line for each."""

from collections import Counter
from collections.abc import Callable

from api.commands.accounts_file import Row, Table
from connect.errors import ConnectError, InvalidInput
from connect.merchants.adoption import imports
from connect.merchants.adoption.imports import ImportOutcome, ImportResult
from connect.platform.records import audit
from connect.stripe_api.gateway import Gateway

ACTOR = "import"
# The import ends if this number of consecutive accounts got no answer from Stripe or failed unexpectedly.
MAX_UNANSWERED = 20
INVALID = "invalid"
NOT_FINISHED = "not finished"
OPEN = {ImportOutcome.UNANSWERED, ImportOutcome.FAILED}
GOOD = {ImportOutcome.ADOPTED, ImportOutcome.UNCHANGED, ImportOutcome.ADOPTABLE}
SUMMARY = (*(outcome.value.lower() for outcome in ImportOutcome), INVALID, NOT_FINISHED)


async def run(gateway: Gateway, table: Table, write: Callable[[str], object], *, dry_run: bool) -> bool:
    """Adopt the accounts, or only check them (`dry_run`). Returns whether every line succeeded.

    Prints a line for each finished row, in the order of the file: the line's number, the outcome, the
    external id, the account and details, separated by tabs. The summary follows, even if an error or a signal
    ends the import.
    """
    counts: Counter[str] = Counter()
    entries = [row.new for row in table.rows if row.new is not None]
    results = imports.run(gateway, entries, actor=ACTOR, dry_run=dry_run)
    unanswered = 0
    try:
        for row in table.rows:
            if row.new is None:
                counts[INVALID] += 1
                write(f"{row.line}\t{INVALID}\t\t\t{row.problem}")
                continue
            result = await anext(results)
            counts[result.outcome.value.lower()] += 1
            write(_line(row, result))
            unanswered = unanswered + 1 if result.outcome in OPEN else 0
            if unanswered == MAX_UNANSWERED:
                break
    finally:
        await results.aclose()
        imported = dict(counts)
        _summarize(counts, len(table.rows), write)
        if not dry_run:
            await audit.record_command("importAccounts", None, imported)
    return counts.total() == sum(counts[outcome.value.lower()] for outcome in GOOD)


def _summarize(counts: Counter[str], rows: int, write: Callable[[str], object]) -> None:
    counts[NOT_FINISHED] = rows - counts.total()
    write(", ".join(f"{counts[name]} {name}" for name in SUMMARY if counts[name]) or "no accounts")
    if any(counts[name] for name in (NOT_FINISHED, *(outcome.value.lower() for outcome in OPEN))):
        write("Not all accounts are finished. Run the same command again to continue.")


def _line(row: Row, result: ImportResult) -> str:
    new = result.new
    fields = (str(row.line), result.outcome.value.lower(), new.external_id, new.stripe_account_id)
    return "\t".join([*map(printable, fields), printable(_details(result))]).rstrip("\t")


def _details(result: ImportResult) -> str:
    if isinstance(result.error, InvalidInput):
        return "; ".join(f"{_column(field.name)}: {field.message}" for field in result.error.fields)
    if result.findings:
        return "; ".join(f"{one.code.value}: {one.message} {one.remedy}" for one in result.findings)
    return result.error.message if isinstance(result.error, ConnectError) else ""


def _column(name: str) -> str:
    """The name of the column for a field of the input."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name)


def printable(text: str) -> str:
    """The text with `?` for each character that could affect the terminal or the columns."""
    return "".join(c if c.isprintable() else "?" for c in text)
