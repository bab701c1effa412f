"""Accounts over the wire: requirements, sections, lists and refusals."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import stripe

from testing.processes import Simulator
from tests.simulator.conftest import ACCOUNT, Stripe, error, items, params, plain, refusal

PAST_DUE = {
    "status": "restricted",
    "status_details": [{"code": "requirements_past_due", "resolution": "provide_info"}],
}


async def test_a_new_account_is_restricted_and_requires_all_items(api: Stripe) -> None:
    account = await api.create()
    assert account["configuration"]["merchant"]["capabilities"] == {
        "card_payments": PAST_DUE,
        "stripe_balance": {"payouts": PAST_DUE},
    }
    person = "identity.individual"
    business = "identity.business_details"
    assert [description for description, _ in items(account)] == [
        f"{business}.registered_name",
        f"{business}.address.line1",
        f"{business}.address.city",
        f"{business}.address.postal_code",
        f"{business}.phone",
        f"{business}.id_numbers",
        "configuration.merchant.mcc",
        "defaults.profile.business_url",
        f"{person}.given_name",
        f"{person}.surname",
        f"{person}.email",
        f"{person}.phone",
        f"{person}.date_of_birth.day",
        f"{person}.date_of_birth.month",
        f"{person}.date_of_birth.year",
        f"{person}.address.line1",
        f"{person}.address.city",
        f"{person}.address.postal_code",
        f"{person}.id_numbers",
        "external_account",
        "identity.attestations.terms_of_service.account.date",
        "identity.attestations.terms_of_service.account.ip",
    ]
    for entry in account["requirements"]["entries"]:
        assert entry["awaiting_action_from"] == "user"
        assert entry["minimum_deadline"] == {"status": "past_due"}
        assert entry["requested_reasons"] == [{"code": "routine_onboarding"}]
        restricted = [impact["capability"] for impact in entry["impact"]["restricts_capabilities"]]
        if entry["description"] == "external_account":
            assert restricted == ["stripe_balance.payouts"]
        else:
            assert restricted == ["card_payments", "stripe_balance.payouts"]
        is_person = entry["description"].startswith(person)
        assert (entry["reference"] or {}).get("type") == ("person" if is_person else None)
    assert account["requirements"]["summary"] == {"minimum_deadline": {"status": "past_due", "time": None}}


async def test_prefilled_values_are_not_required_again(api: Stripe) -> None:
    merchant = {**ACCOUNT["configuration"]["merchant"], "mcc": "5734"}
    defaults = {**ACCOUNT["defaults"], "profile": {"business_url": "https://shop.example"}}
    account = await api.create(configuration={"merchant": merchant}, defaults=defaults)
    descriptions = {description for description, _ in items(account)}
    assert not descriptions & {"configuration.merchant.mcc", "defaults.profile.business_url"}
    other = await api.create(identity={"country": "DE"})
    assert ("identity.entity_type", "user") in items(other)
    assert other["defaults"]["currency"] == "eur"


async def test_an_account_without_a_request_for_card_payments_lacks_that_capability(api: Stripe) -> None:
    account = await api.create(configuration={"merchant": {}})
    assert account["configuration"]["merchant"]["capabilities"] == {"stripe_balance": {"payouts": PAST_DUE}}


async def test_an_update_removes_the_entry_of_a_provided_value_and_emits_an_event(api: Stripe) -> None:
    account = await api.create()
    changes: Any = {
        "configuration": {"merchant": {"mcc": "5812"}},
        "metadata": {"merchant_id": None, "tenant": "t1"},
        "include": ["requirements"],
    }
    updated = plain(await api.client.v2.core.accounts.update_async(account["id"], changes))
    assert ("configuration.merchant.mcc", "user") not in items(updated)
    assert len(items(updated)) == len(items(account)) - 1
    assert updated["metadata"] == {"tenant": "t1"}
    assert [event["type"] for event in await api.events(object_id=account["id"])] == [
        "v2.core.account.updated",
        "v2.core.account[configuration.merchant].updated",
        "v2.core.account[requirements].updated",
        "v2.core.account.created",
    ]


async def test_sections_are_null_unless_included(api: Stripe) -> None:
    configuration = {**ACCOUNT["configuration"], "customer": {}}
    account = await api.create(include=None, configuration=configuration)
    sections = ("configuration", "defaults", "identity", "requirements", "future_requirements")
    assert [account[name] for name in sections] == [None] * 5
    parameters: Any = {"include": ["configuration.merchant", "identity"]}
    some = plain(await api.client.v2.core.accounts.retrieve_async(account["id"], parameters))
    assert some["identity"]["country"] == "US"
    assert some["configuration"]["customer"] is None
    assert some["configuration"]["merchant"]["applied"] is True
    assert [some[name] for name in ("defaults", "requirements", "future_requirements")] == [None] * 3


@pytest.mark.parametrize(
    "query",
    [
        "include=identity",
        "include[]=identity",
        "include[0]=identity&usage[0]=fetch_related_object",
        "include=identity&include=defaults",
    ],
)
def test_every_notation_of_an_array_is_parsed(sim: Simulator, query: str) -> None:
    headers = {"Authorization": "Bearer sk_test_x", "Stripe-Version": "2026-10-28.endive"}
    url = f"{sim.base_url}/v2/core/accounts"
    account = httpx.post(url, headers=headers, json=params(include=None)).json()
    answer = httpx.get(f"{url}/{account['id']}?{query}", headers=headers)
    assert answer.json()["identity"]["country"] == "US"
    assert answer.headers["stripe-version"] == "2026-10-28.endive"
    assert answer.headers["request-id"].startswith("req_")


def merchant_with(**changes: Any) -> dict[str, Any]:
    return {"configuration": {"merchant": {**ACCOUNT["configuration"]["merchant"], **changes}}}


def defaults(**changes: Any) -> dict[str, Any]:
    return {"defaults": {**ACCOUNT["defaults"], **changes}}


def responsibilities(dashboard: str, fees: str, losses: str) -> dict[str, Any]:
    parties = {"fees_collector": fees, "losses_collector": losses}
    return {"dashboard": dashboard, "defaults": {"responsibilities": parties}}


def requested(*path: str) -> dict[str, Any]:
    body: dict[str, Any] = {"requested": True}
    for name in reversed(path):
        body = {name: body}
    return {"configuration": body}


def born(day: int, month: int, year: int) -> dict[str, Any]:
    person = {"date_of_birth": {"day": day, "month": month, "year": year}}
    return {"identity": {"country": "US", "entity_type": "individual", "individual": person}}


TERMS = {"terms_of_service": {"account": {"date": "2026-01-01T00:00:00.000Z", "ip": "127.0.0.1"}}}


EXPRESS = "account_controller_express_dash_without_application_losses_or_fees"


UNSUPPORTED = "account_controller_unsupported_configuration"


LIABLE = "account_controller_stripe_pricing_platform_liable"


REFUSED = [
    ({"identity": {"entity_type": "company"}}, "identity_country_required"),
    ({"identity": {"country": "RU"}}, "capability_not_available_in_country"),
    (
        {"identity": {"country": "DE", "entity_type": "government_entity"}},
        "entity_type_not_supported_in_country",
    ),
    ({"identity": {"country": "US", "attestations": TERMS}}, "tos_acceptance_on_behalf_not_allowed"),
    ({"contact_email": "nobody"}, "email_invalid"),
    ({"contact_phone": "call me"}, "phone_invalid"),
    (defaults(profile={"business_url": "shop"}), "url_invalid"),
    (defaults(currency="xxx"), "account_country_unsupported_currency"),
    (merchant_with(mcc="57"), "mcc_invalid"),
    (merchant_with(statement_descriptor={"descriptor": "1234"}), "statement_descriptor_invalid"),
    (merchant_with(support={"email": "x@y"}), "email_invalid"),
    (born(30, 2, 1985), "date_of_birth_invalid"),
    (born(1, 1, 2020), "date_of_birth_age_restriction"),
    (
        {"identity": {"country": "US", "business_details": {"address": {"country": "DE"}}}},
        "address_country_identity_country_mismatch",
    ),
    (
        requested("merchant", "capabilities", "link_payments"),
        "capability_not_available_without_other_capability",
    ),
    (responsibilities("express", "stripe", "stripe"), EXPRESS),
    (responsibilities("express", "application", "stripe"), EXPRESS),
    (responsibilities("none", "stripe", "application"), LIABLE),
    (responsibilities("full", "stripe", "application"), LIABLE),
    (responsibilities("full", "application", "application"), UNSUPPORTED),
    (responsibilities("full", "application", "stripe"), UNSUPPORTED),
    (requested("merchant", "capabilities", "oxxo_payments"), "capability_not_available_in_country"),
    (
        requested("recipient", "capabilities", "stripe_balance", "stripe_transfers"),
        "capability_not_available_for_loss_collector",
    ),
    (
        requested("recipient", "capabilities", "bank_accounts", "local"),
        "capability_not_available_for_dashboard_type",
    ),
    ({"return_url": "https://x.example"}, "parameter_unknown"),
    ({"dashboard": "half"}, "parameter_invalid"),
    ({"include": ["everything"]}, "parameter_invalid"),
]


@pytest.mark.parametrize(
    ("changes", "code"), REFUSED, ids=[f"{n}-{code}" for n, (_, code) in enumerate(REFUSED)]
)
async def test_an_invalid_account_is_refused_and_not_created(
    api: Stripe, sim: Simulator, changes: dict[str, Any], code: str
) -> None:
    assert await refusal(api.create(**changes)) == (400, code)
    assert sim.control("accounts")["count"] == 0


async def test_the_age_of_a_person_follows_the_simulated_clock(api: Stripe, sim: Simulator) -> None:
    today = datetime.now(UTC)
    child = born(1, 1, today.year - 12)
    assert await refusal(api.create(**child)) == (400, "date_of_birth_age_restriction")
    sim.control("clock", {"advance_seconds": 366 * 86400})
    assert (await api.create(**child))["identity"]["individual"]["date_of_birth"]["year"] == today.year - 12
    sim.control("clock", {"advance_seconds": -366 * 86400})
    assert await refusal(api.create(**child)) == (400, "date_of_birth_age_restriction")


@pytest.mark.parametrize(
    ("dashboard", "fees", "losses"),
    [
        ("full", "stripe", "stripe"),
        ("express", "application", "application"),
        ("none", "stripe", "stripe"),
        ("none", "application", "stripe"),
        ("none", "application", "application"),
    ],
)
async def test_every_valid_combination_of_responsibilities_is_accepted(
    api: Stripe, dashboard: str, fees: str, losses: str
) -> None:
    account = await api.create(**responsibilities(dashboard, fees, losses))
    assert account["dashboard"] == dashboard
    collector = "application" if (dashboard, losses) == ("none", "application") else "stripe"
    assert account["defaults"]["responsibilities"] == {
        "fees_collector": fees,
        "losses_collector": losses,
        "requirements_collector": collector,
    }


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"contact_email": None}, "contact_email"),
        ({"defaults": None}, "defaults.responsibilities"),
        ({"defaults": {"currency": "usd"}}, "defaults.responsibilities"),
        (
            {"defaults": {"responsibilities": {"fees_collector": "stripe"}}},
            "defaults.responsibilities.losses_collector",
        ),
    ],
)
async def test_a_merchant_needs_an_email_address_and_both_responsibilities(
    api: Stripe, sim: Simulator, changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await api.create(**changes)
    assert caught.value.user_message == f"{path}: required request field missing"
    assert sim.control("accounts")["count"] == 0


async def test_a_customer_needs_no_email_address_and_no_responsibilities(api: Stripe) -> None:
    account = await api.create(contact_email=None, defaults=None, configuration={"customer": {}})
    assert account["applied_configurations"] == ["customer"]


async def test_unset_fields_of_a_new_account_have_the_recorded_values(api: Stripe) -> None:
    account = await api.create()
    merchant = account["configuration"]["merchant"]
    assert merchant["card_payments"] == {"decline_on": {"avs_failure": False, "cvc_failure": False}}
    assert merchant["statement_descriptor"] == {"descriptor": None, "prefix": None}
    assert merchant["support"] == {"address": None, "email": None, "phone": None, "url": None}
    assert account["identity"]["attestations"]["persons_provided"] == {
        "directors": False,
        "executives": False,
        "owners": False,
        "ownership_exemption_reason": None,
    }
    sent = {"card_payments": {"decline_on": {"avs_failure": True}}, "support": {"email": "help@shop.example"}}
    other = (await api.create(**merchant_with(**sent)))["configuration"]["merchant"]
    assert other["card_payments"] == {"decline_on": {"avs_failure": True, "cvc_failure": False}}
    assert (other["support"]["email"], other["support"]["phone"]) == ("help@shop.example", None)


async def test_a_wrong_email_address_has_a_message_for_the_end_user(api: Stripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await api.create(contact_email="nobody")
    assert error(caught.value)["user_message"] == "The email address is not valid."


async def test_the_error_for_an_unknown_field_has_its_path(api: Stripe) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await api.create(identity={"country": "US", "business_details": {"addres": {}}})
    assert caught.value.user_message == "identity.business_details.addres: unknown field"


async def test_the_country_never_changes_and_the_currency_only_before_the_activation(
    api: Stripe, sim: Simulator
) -> None:
    account = await api.create()
    update = api.client.v2.core.accounts.update_async
    to_euro: Any = {"defaults": {"currency": "eur"}}
    to_germany: Any = {"identity": {"country": "DE"}}
    plain(await update(account["id"], to_euro))
    assert await refusal(update(account["id"], to_germany)) == (400, "immutable_identity_param")
    sim.control(f"accounts/{account['id']}", {"scenario": "activate"})
    back: Any = {"defaults": {"currency": "usd"}}
    assert await refusal(update(account["id"], back)) == (400, "default_currency_immutable")


async def test_closing_an_account_requires_all_its_configurations(api: Stripe) -> None:
    account = await api.create()
    close = api.client.v2.core.accounts.close_async
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await close(account["id"], {"applied_configurations": ["customer"]})
    assert error(caught.value) == {
        "code": "configs_must_match_to_close",
        "message": "applied_configurations: must name all of merchant.",
        "user_message": "All configurations of the account must be named to close it.",
        "applied_configurations": ["merchant"],
    }
    closed = plain(await close(account["id"], {"applied_configurations": ["merchant"]}))
    assert closed["closed"] is True
    assert (await api.fetch(account["id"]))["requirements"]["entries"] == []
    listed: Any = await api.client.v2.core.accounts.list_async()
    assert listed.data == []
    both: Any = await api.client.v2.core.accounts.list_async({"closed": True})
    assert [one.id for one in both.data] == [account["id"]]
    types = [event["type"] for event in await api.events(object_id=account["id"])]
    assert "v2.core.account.closed" in types


async def test_a_page_has_at_most_twenty_accounts(api: Stripe) -> None:
    accounts = api.client.v2.core.accounts
    assert plain(await accounts.list_async({"limit": 20}))["data"] == []
    assert await refusal(accounts.list_async({"limit": 21})) == (400, "parameter_invalid")


async def test_lists_have_relative_page_urls_and_no_sections(api: Stripe, sim: Simulator) -> None:
    created = [(await api.create())["id"] for _ in range(5)]
    page: Any = await api.client.v2.core.accounts.list_async(
        {"limit": 2, "applied_configurations": ["merchant"]}
    )
    assert page.next_page_url.startswith("/v2/core/accounts?page=page_")
    assert page.data[0].requirements is None
    assert [one.id async for one in page.auto_paging_iter()] == created[::-1]
    customers: Any = await api.client.v2.core.accounts.list_async({"applied_configurations": ["customer"]})
    assert customers.data == []
    sim.control("lists", {"lag_seconds": 60})
    late: Any = await api.client.v2.core.accounts.list_async()
    assert late.data == []
    sim.control("clock", {"advance_seconds": 61})
    current: Any = await api.client.v2.core.accounts.list_async()
    assert len(current.data) == 5


async def test_unknown_ids_and_unknown_contexts_are_not_found(api: Stripe) -> None:
    retrieve = api.client.v2.core.accounts.retrieve_async
    account = await api.create()
    assert await refusal(retrieve("acct_unknown")) == (404, "not_found")
    foreign: Any = {"stripe_context": "acct_unknown"}
    assert await refusal(retrieve(account["id"], {}, foreign)) == (404, "not_found")
    own: Any = {"stripe_context": account["id"]}
    assert plain(await retrieve(account["id"], {}, own))["id"] == account["id"]


async def test_only_express_accounts_get_a_login_link(api: Stripe) -> None:
    full = await api.create()
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await api.client.v1.accounts.login_links.create_async(full["id"])
    assert caught.value.http_status == 400
    express = await api.create(**responsibilities("express", "application", "application"))
    link = await api.client.v1.accounts.login_links.create_async(express["id"])
    assert link.object == "login_link"


async def test_v1_shows_the_same_account(api: Stripe, sim: Simulator) -> None:
    account = await api.create()
    sim.control(f"accounts/{account['id']}", {"scenario": "payouts_blocked"})
    old = await api.client.v1.accounts.retrieve_async(account["id"])
    assert (old.charges_enabled, old.payouts_enabled, old.details_submitted) == (True, False, True)


async def test_a_capability_can_be_given_up_unless_another_one_needs_it(api: Stripe) -> None:
    def wanted(**capabilities: bool) -> Any:
        names = {name: {"requested": requested} for name, requested in capabilities.items()}
        return {"configuration": {"merchant": {"capabilities": names}}, "include": ["configuration.merchant"]}

    account = await api.create()
    update = api.client.v2.core.accounts.update_async
    await update(account["id"], wanted(link_payments=True, klarna_payments=True))
    left = plain(await update(account["id"], wanted(klarna_payments=False)))
    capabilities = left["configuration"]["merchant"]["capabilities"]
    assert list(capabilities) == ["card_payments", "link_payments", "stripe_balance"]
    code = "capability_cannot_be_unrequested_due_to_other_capability_requirement"
    assert await refusal(update(account["id"], wanted(card_payments=False))) == (400, code)
    both = plain(await update(account["id"], wanted(card_payments=False, link_payments=False)))
    assert list(both["configuration"]["merchant"]["capabilities"]) == ["stripe_balance"]
