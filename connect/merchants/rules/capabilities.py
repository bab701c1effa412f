"""The state of one capability, as Stripe's status and status details tell it. Pure."""

from connect.merchants.rules.sections import Capability, CapabilityDetail

REVIEW_CODES = frozenset({"determining_status", "requirements_pending_verification"})


def is_rejected(capability: Capability | None) -> bool:
    return capability is not None and (
        capability.status == "rejected" or any(d.code.startswith("rejected_") for d in capability.details)
    )


def is_unsupported(capability: Capability | None) -> bool:
    """Whether Stripe will never offer the capability to this account."""
    if capability is None or capability.status == "active":
        return False
    if capability.status == "unsupported" or any(
        d.code.startswith("unsupported_") for d in capability.details
    ):
        return True
    # A pending capability is in review, even with an unknown detail code.
    return (
        capability.status != "pending"
        and not has_resolution(capability, "provide_info")
        and any(d.resolution == "no_resolution" and d.code not in REVIEW_CODES for d in capability.details)
    )


def needs_information(capability: Capability | None) -> bool:
    """Whether an inactive capability waits for information: Stripe says so, or gives no other reason."""
    if capability is None or capability.status in {"active", "pending", "rejected", "unsupported"}:
        return False
    if is_rejected(capability) or is_unsupported(capability):
        return False
    return has_resolution(capability, "provide_info") or not (
        has_resolution(capability, "contact_stripe")
        or any(d.code in REVIEW_CODES for d in capability.details)
    )


def has_resolution(capability: Capability | None, resolution: str) -> bool:
    return any(d.resolution == resolution for d in _details(capability))


def is_reviewed(capability: Capability | None) -> bool:
    """Whether Stripe is reviewing the capability."""
    return capability is not None and (
        capability.status == "pending" or any(d.code in REVIEW_CODES for d in capability.details)
    )


def needs_stripe_support(capability: Capability | None) -> bool:
    """Whether only Stripe support can explain why the capability does not work."""
    return has_resolution(capability, "contact_stripe") or is_unsupported(capability)


def _details(capability: Capability | None) -> tuple[CapabilityDetail, ...]:
    return capability.details if capability is not None else ()
