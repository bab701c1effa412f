"""Builds the bodies of requests about accounts from checked inputs. Pure.

https://docs.stripe.com/api/v2/core/accounts/create describes the fields.
"""

import uuid
from dataclasses import asdict
from typing import Any

from connect.merchants.inputs import MerchantChanges, NewMerchant, NewPerson, account_tokens, details
from connect.merchants.inputs.details import Details
from connect.merchants.rules.account.snapshot import INCLUDE


def of_creation(merchant_id: uuid.UUID, new: NewMerchant, **metadata: str) -> dict[str, Any]:
    """The body of the request that creates an account. The account has the full Dashboard, and Stripe
    collects its fees and losses (https://docs.stripe.com/connect/accounts-v2).
    """
    parts = _parts(new.details)
    defaults: dict[str, Any] = {
        "responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}
    }
    profile = given(business_url=new.business_url, product_description=new.product_description)
    if profile := profile | parts["profile"]:
        defaults["profile"] = profile
    # A token contains these values already, and Stripe refuses them beside a token.
    contact = {"contact_email": new.contact_email, "display_name": new.display_name} | parts["contact"]
    configuration = request_capabilities(new.all_capabilities())
    configuration["merchant"] |= parts["merchant"]
    return {
        **(contact if new.account_token is None else {account_tokens.PARAMETER: new.account_token}),
        "dashboard": "full",
        "identity": given(country=new.country, entity_type=new.entity_type) | parts["identity"],
        "configuration": configuration,
        "defaults": defaults | parts["defaults"],
        # `creations.attach_by_event` finds the merchant of an account by its metadata.
        "metadata": {"merchant_id": str(merchant_id), "external_id": new.external_id, **metadata},
        "include": list(INCLUDE),
    }


def of_changes(changes: MerchantChanges) -> dict[str, Any]:
    """The body of the request that changes an account."""
    parts = _parts(changes.details)
    body = given(
        display_name=changes.display_name,
        contact_email=changes.contact_email,
        account_token=changes.account_token,
    )
    profile = given(business_url=changes.business_url, product_description=changes.product_description)
    defaults = parts["defaults"] | given(profile=profile | parts["profile"] or None)
    capabilities = {name: {"requested": True} for name in changes.capabilities or ()} | {
        name: {"requested": False} for name in changes.give_up_capabilities or ()
    }
    merchant = parts["merchant"] | given(capabilities=capabilities or None)
    configuration = given(merchant=merchant or None)
    return (
        body
        | parts["contact"]
        | given(
            configuration=configuration or None,
            defaults=defaults or None,
            identity=parts["identity"] or None,
        )
    )


def given(**values: Any) -> dict[str, Any]:
    """The values that are not None."""
    return {name: value for name, value in values.items() if value is not None}


def request_capabilities(names: tuple[str, ...]) -> dict[str, Any]:
    """The parameter `configuration` of a request for these capabilities."""
    return {"merchant": {"capabilities": {name: {"requested": True} for name in names}}}


def _parts(known: Details) -> dict[str, dict[str, Any]]:
    """The details, grouped by the part of the request that they belong to."""
    values = details.values(known)
    descriptor = given(
        descriptor=values.get("statement_descriptor"), prefix=values.get("statement_descriptor_prefix")
    )
    currency, locales = values.get("currency"), values.get("locales")
    return {
        "contact": given(contact_phone=values.get("contact_phone")),
        "merchant": given(
            mcc=values.get("merchant_category_code"),
            statement_descriptor=descriptor or None,
            support=values.get("support"),
        ),
        "profile": given(doing_business_as=values.get("doing_business_as")),
        "defaults": given(
            currency=currency.lower() if currency is not None else None,
            locales=list(locales) if locales is not None else None,
        ),
        "identity": given(
            business_details=values.get("business"), individual=_with_date(values.get("individual"))
        ),
    }


def of_person(person: NewPerson) -> dict[str, Any]:
    """The body of the request that adds a person to an account.

    https://docs.stripe.com/api/v2/core/persons/create describes the fields.
    """
    values: dict[str, Any] = details.filled(asdict(person))
    relationship = dict.fromkeys(values.pop("roles", ()), True) | given(
        title=values.pop("title", None), percent_ownership=values.pop("percent_ownership", None)
    )
    return {**(_with_date(values) or {}), **given(relationship=relationship or None)}


def _with_date(values: dict[str, Any] | None) -> dict[str, Any] | None:
    if values is None or "date_of_birth" not in values:
        return values
    return values | {"date_of_birth": details.stripe_date(values["date_of_birth"])}
