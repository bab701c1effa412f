"""The form for faults."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from simulator.control import faults
from simulator.pages import overview
from simulator.state import Json, State

# The numeric fields of the form. Each has a label, a type, a least and a greatest value, and a default.
NUMBERS: dict[str, tuple[str, type[int] | type[float], int, int, str]] = {
    "status": ("The status", int, 100, 599, "503"),
    "seconds": ("The seconds", float, 0, 600, "1"),
    "times": ("The times", int, 1, 1_000_000, "1"),
}


async def fault(request: Request) -> Response:
    """POST /faults: set a fault, or end all faults."""
    state: State = request.app.state.simulator
    values = {name: str(value) for name, value in (await request.form()).items()}
    if values.get("action") == "clear":
        state.faults.clear()
        return RedirectResponse("/#faults", 303)
    order, errors = read(values)
    if errors:
        return overview.show(request, values, errors)
    faults.add(state, order)
    return RedirectResponse("/#faults", 303)


def read(values: dict[str, str]) -> tuple[Json, dict[str, str]]:
    """Return the fault that these values of the form describe, and the errors by field."""
    order: Json = {
        "method": values.get("method", "*"),
        "path": values.get("path", "").strip() or "*",
        "kind": values.get("kind", "status"),
    }
    errors: dict[str, str] = {}
    if order["kind"] not in faults.KINDS:
        errors["kind"] = f"The kind must be one of {', '.join(faults.KINDS)}."
    for name, (label, kind, least, most, default) in NUMBERS.items():
        try:
            order[name] = kind(values.get(name) or default)
        except ValueError:
            order[name] = None
        # "nan" is a valid float, but lies in no range.
        if order[name] is None or not least <= order[name] <= most:
            errors[name] = (
                f"{label} must be a {'whole ' if kind is int else ''}number from {least} to {most:,}."
            )
    return order, errors


ROUTES = [
    Route("/faults", fault, methods=["POST"]),
    # The browser shows this address after a fault was refused. Opening it again redirects to the page.
    Route("/faults", lambda _: RedirectResponse("/#faults")),
]
