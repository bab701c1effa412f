"""Former names of what is in `testing` now."""

from testing.faults import REFUSED as REFUSED
from testing.faults import UNAVAILABLE as UNAVAILABLE
from testing.faults import clear_faults as recover
from testing.faults import drop_deliveries as silence
from testing.faults import inject_fault as fail
from testing.merchants import KINDS as KINDS
from testing.merchants import NOW as NOW
from testing.merchants import BuiltMerchant as Made
from testing.merchants import add_entries as tell
from testing.merchants import build_event as event
from testing.merchants import build_merchant as made
from testing.merchants import encode_cursor as forged
from testing.merchants import global_id as global_id
from testing.merchants import store as store
from testing.service import Service
from testing.state import read_state as everything
from testing.state import read_tables as rows

error = Service.error

__all__ = [
    "KINDS",
    "NOW",
    "REFUSED",
    "UNAVAILABLE",
    "Made",
    "error",
    "event",
    "everything",
    "fail",
    "forged",
    "global_id",
    "made",
    "recover",
    "rows",
    "silence",
    "store",
    "tell",
]
