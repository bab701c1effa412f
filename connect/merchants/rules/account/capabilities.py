"""The state of one capability, derived from Stripe's status and status details. Pure."""

from connect.merchants.rules.account.sections import Capability, CapabilityDetail

REVIEW_CODES = frozenset({"determining_status", "requirements_pending_verification"})


def is_rejected(capability: Capability | None) -> bool:
    return capability is not None and (
        capability.status == "rejected" or any(d.code.startswith("rejected_") for d in capability.details)
    )


def is_unsupported(capability: Capability | None) -> bool:
    """Whether Stripe will never offer the capability to this account."""
    if capability is None or capability.status == "active":
        return False
    return capability.status == "unsupported" or any(
        d.code.startswith("unsupported_") for d in capability.details
    )


def is_decided(capability: Capability | None) -> bool:
    """Whether Stripe has rejected the capability or does not support it. Further information does not change
    that.
    """
    return is_rejected(capability) or is_unsupported(capability)


def is_held(capability: Capability | None) -> bool:
    """Whether Stripe has restricted the capability, and the merchant cannot lift the restriction.

    Examples are a legal hold, and `restricted_other` with the resolution `no_resolution`.
    """
    if capability is None or capability.status in {"active", "pending"} or is_decided(capability):
        return False
    if has_resolution(capability, "provide_info"):
        return False
    return any(
        d.code.endswith("_hold") or (d.resolution == "no_resolution" and not _is_review(d))
        for d in capability.details
    )


def is_reviewed(capability: Capability | None) -> bool:
    """Whether Stripe is reviewing the capability."""
    return capability is not None and (
        capability.status == "pending" or any(map(_is_review, capability.details))
    )


def needs_information(capability: Capability | None) -> bool:
    """Whether the capability is inactive because Stripe needs information. This is also assumed if Stripe
    gives no other reason.
    """
    if capability is None or capability.status in {"active", "pending"} or is_decided(capability):
        return False
    return has_resolution(capability, "provide_info") or not (
        has_resolution(capability, "contact_stripe") or is_held(capability) or is_reviewed(capability)
    )


def has_resolution(capability: Capability | None, resolution: str) -> bool:
    return any(d.resolution == resolution for d in _details(capability))


def _is_review(detail: CapabilityDetail) -> bool:
    return detail.code in REVIEW_CODES or detail.code.endswith("_review")


def _details(capability: Capability | None) -> tuple[CapabilityDetail, ...]:
    return capability.details if capability is not None else ()
