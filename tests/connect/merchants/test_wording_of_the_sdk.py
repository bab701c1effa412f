"""Each identity requirement, error and capability that Stripe's SDK lists has its own wording."""

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

import pytest
from stripe import StripeObject
from stripe.v2.core import Account, AccountPerson

from connect.merchants import wording
from connect.merchants.wording.capabilities import CAPABILITIES, CAPABILITY_DETAILS
from connect.merchants.wording.errors import ERRORS
from connect.merchants.wording.requirements import UNKNOWN_HELP

# Fields of a person that are never requirements.
BOOKKEEPING = {"OBJECT_NAME", "account", "created", "id", "livemode", "metadata", "object", "updated"}


def literals(annotation: Any) -> set[str]:
    """All values that a type of Stripe's SDK allows."""
    if get_origin(annotation) is Literal:
        return set(get_args(annotation))
    return {value for part in get_args(annotation) for value in literals(part)}


def leaves(annotation: Any, path: str) -> Iterator[str]:
    """Yield the path of every value that a type of Stripe's SDK contains."""
    if isinstance(annotation, type) and issubclass(annotation, StripeObject):
        for name, part in annotation.__annotations__.items():
            if not name.startswith("_"):
                yield from leaves(part, f"{path}.{name}")
        return
    nested = [part for part in get_args(annotation) if list_or_object(part)]
    if not nested:
        yield path
    for part in nested:
        yield from leaves(part, path)


def list_or_object(annotation: Any) -> bool:
    return get_origin(annotation) is list or (
        isinstance(annotation, type) and issubclass(annotation, StripeObject)
    )


def identity_leaves() -> list[str]:
    return [
        path
        for path in leaves(Account.Identity, "identity")
        if not (path.startswith("identity.individual.") and path.split(".")[2] in BOOKKEEPING)
    ]


def person_leaves() -> list[str]:
    return [path for path in leaves(AccountPerson, "person_1Abc") if path.split(".")[1] not in BOOKKEEPING]


def capabilities_of(configuration: type[StripeObject], prefix: str = "") -> Iterator[str]:
    """The names of all capabilities, at any depth. A capability is a type with a status."""
    for name, annotation in configuration.__annotations__.items():
        for part in (annotation, *get_args(annotation)):
            if isinstance(part, type) and issubclass(part, StripeObject):
                if "status" in part.__annotations__:
                    yield prefix + name
                else:
                    yield from capabilities_of(part, f"{prefix}{name}.")


CONFIGURATION = Account.Configuration


KNOWN_CAPABILITIES = {
    *capabilities_of(CONFIGURATION.Merchant.Capabilities),
    *capabilities_of(CONFIGURATION.Customer.Capabilities),
    *capabilities_of(CONFIGURATION.Recipient.Capabilities),
    *literals(Account.Requirements.Entry.Impact.RestrictsCapability.__annotations__["capability"]),
}


def test_every_identity_requirement_of_the_sdk_has_its_own_wording() -> None:
    keys = identity_leaves() + person_leaves()
    assert [key for key in keys if wording.requirement(key).help == UNKNOWN_HELP] == []


def test_the_paths_are_read_from_the_sdk() -> None:
    paths = identity_leaves()
    assert "identity.individual.date_of_birth.day" in paths
    assert "identity.business_details.documents.proof_of_registration.signer.person" in paths
    assert "identity.individual.id" not in paths
    assert len(paths) > 130


@pytest.mark.parametrize(
    ("owner", "number_type"),
    [
        ("identity.business_details", Account.Identity.BusinessDetails.IdNumber),
        ("identity.individual", Account.Identity.Individual.IdNumber),
        ("person_1Abc", AccountPerson.IdNumber),
    ],
)
def test_every_kind_of_official_number_has_its_own_title(owner: str, number_type: type[StripeObject]) -> None:
    kinds = literals(number_type.__annotations__["type"])
    assert kinds
    general = wording.requirement(f"{owner}.id_numbers")
    assert [kind for kind in kinds if wording.requirement(f"{owner}.id_numbers.{kind}") == general] == []


def test_every_error_of_the_sdk_has_its_own_explanation() -> None:
    named = literals(Account.Requirements.Entry.Error.__annotations__["code"])
    later = literals(Account.FutureRequirements.Entry.Error.__annotations__["code"])
    assert len(named) >= 98
    assert (named | later) - set(ERRORS) == set()


def test_every_capability_of_the_sdk_has_its_own_name() -> None:
    assert {"card_payments", "stripe_balance.payouts", "bank_accounts.sepa"} <= KNOWN_CAPABILITIES
    assert set(CAPABILITIES) >= KNOWN_CAPABILITIES


def test_every_status_detail_of_the_sdk_has_its_own_explanation() -> None:
    detail = CONFIGURATION.Merchant.Capabilities.CardPayments.StatusDetail
    codes = literals(detail.__annotations__["code"])
    assert len(codes) >= 15
    assert codes - set(CAPABILITY_DETAILS) == set()
