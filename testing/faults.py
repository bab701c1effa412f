"""Faults of the local Stripe."""

from collections.abc import Mapping
from typing import Any

from testing.service import Service

# The header stops the SDK from retrying. Retries would take half a minute.
UNAVAILABLE = {"status": 503, "headers": {"Stripe-Should-Retry": "false"}, "times": 100}
REFUSED = {
    "status": 400,
    "body": {"error": {"code": "not_today", "message": "Stripe says no."}},
    "times": 100,
}


def drop_deliveries(service: Service) -> None:
    """Stop the delivery of events, so that only the test changes the service."""
    service.simulator.control("deliveries", {"mode": "drop"})


def inject_fault(service: Service, path: str, answer: Mapping[str, Any], method: str = "POST") -> None:
    """Make Stripe give this answer to the next matching call, or to as many as the answer's `times` says."""
    service.simulator.control("faults", {"path": path, "method": method, **answer})


def clear_faults(service: Service) -> None:
    service.simulator.control("faults", method="DELETE")
