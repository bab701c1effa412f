"""SQL conditions with subqueries on merchants, their records and events."""

from datetime import timedelta

from models import lease
from models.sql import Select


def has_external_id(select: Select, external_id: str) -> str:
    """A condition on the merchant table."""
    return f"external_id = {select.value(external_id)}"


def belongs_to(select: Select, owner: str, external_id: str) -> str:
    """A condition on a table whose column `owner` holds a merchant's id."""
    return f"{owner} IN (SELECT id FROM merchant WHERE {has_external_id(select, external_id)})"  # noqa: S608


def has_account(select: Select, stripe_account_id: str) -> str:
    """A condition on the merchant table."""
    account = f"stripe_account_id = {select.value(stripe_account_id)}"
    return f"id = (SELECT merchant_id FROM connected_account WHERE {account})"  # noqa: S608


def is_of_longest_due_subjects(
    select: Select, lease_length: timedelta, *, max_events: int, max_subjects: int
) -> list[str]:
    """Conditions on the event table for the pending events of the subjects that have been due longest.

    Subjects with a leased event are excluded. One fetch settles all events of a subject, so new events that
    are not due yet are included, but postponed ones are not.
    """
    at = lease.moment(select)
    busy = f"SELECT subject_key FROM stripe_event WHERE {lease.is_leased(select, lease_length)}"  # noqa: S608
    oldest = (
        "SELECT subject_key, run_at FROM stripe_event "  # noqa: S608
        f"WHERE state = 'PENDING' AND run_at <= {at} AND subject_key NOT IN ({busy}) "
        f"ORDER BY run_at LIMIT {max_events}"
    )
    subjects = (
        f"SELECT subject_key FROM ({oldest}) AS oldest "  # noqa: S608
        f"GROUP BY subject_key ORDER BY min(run_at) LIMIT {max_subjects}"
    )
    return ["state = 'PENDING'", f"(run_at <= {at} OR attempts = 0)", f"subject_key IN ({subjects})"]
