"""The events that a change of an account causes."""

from simulator.accounts.view import CONFIGURATIONS
from simulator.state import Json


def differences(before: Json, after: Json) -> list[tuple[str, Json | None]]:
    """Compare two renderings of an account. Return the type suffix and the data of each event."""
    changes: list[tuple[str, Json | None]] = [
        (f"[{name}].updated", None)
        for name in ("identity", "defaults", "requirements", "future_requirements")
        if before[name] != after[name]
    ]
    for name in CONFIGURATIONS:
        old, new = before["configuration"][name], after["configuration"][name]
        if _settings(old) != _settings(new):
            changes.append((f"[configuration.{name}].updated", None))
        old_capabilities, new_capabilities = capabilities_by_name(old), capabilities_by_name(new)
        changes += [
            (f"[configuration.{name}].capability_status_updated", {"updated_capability": capability})
            for capability in new_capabilities
            if old_capabilities.get(capability) != new_capabilities[capability]
        ]
    if after["closed"] and not before["closed"]:
        changes.append((".closed", None))
    if before != after:
        changes.append((".updated", None))
    return changes


def _settings(configuration: Json | None) -> Json | None:
    if configuration is None:
        return None
    return {name: value for name, value in configuration.items() if name != "capabilities"}


def capabilities_by_name(configuration: Json | None) -> dict[str, Json]:
    """Return a configuration's capabilities by their dotted names."""
    flat: dict[str, Json] = {}

    def walk(path: str, value: Json) -> None:
        if "status" in value:
            flat[path] = value
            return
        for name, part in value.items():
            walk(f"{path}.{name}" if path else name, part)

    walk("", (configuration or {}).get("capabilities") or {})
    return flat
