"""dismissProblem hides a problem until it occurs again."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from connect.merchants.rules.document import wire_time
from connect.platform import health, periodic
from connect.stripe_api.gateway import Gateway
from models import AccountCreation, ConnectedAccount, DismissedProblem
from testing.faults import REFUSED, clear_faults, drop_deliveries, inject_fault
from testing.merchants import build_merchant, store
from testing.service import STRIPE_KEY, Service

DISMISS = """
mutation ($code: PlatformProblemCode!, $subject: String) {
  dismissProblem(input: {code: $code, subject: $subject}) {
    __typename
    ... on DismissProblemPayload { dismissed { code subject actor dismissedAt } }
    ... on Error { message }
  }
}
"""
PROBLEMS = "{ platform { problems { code count subjects } dismissedProblems { code subject actor } } }"


async def dismiss(service: Service, code: str, subject: str | None = None) -> dict[str, Any]:
    variables = {"code": code, "subject": subject}
    result: dict[str, Any] = (await service.graphql(DISMISS, variables))["dismissProblem"]
    return result


async def problems(service: Service) -> dict[str, list[str]]:
    """The subjects of each present problem."""
    found = (await service.graphql(PROBLEMS))["platform"]["problems"]
    assert all(one["count"] == len(one["subjects"]) for one in found if one["subjects"])
    return {one["code"]: one["subjects"] for one in found}


async def dismissed(service: Service) -> list[tuple[str, str | None]]:
    found = (await service.graphql(PROBLEMS))["platform"]["dismissedProblems"]
    return [(one["code"], one["subject"]) for one in found]


async def ready(service: Service) -> list[str]:
    codes: list[str] = (await service.http.get("/readyz")).json()["problems"]
    return codes


async def check(service: Service, key: str = STRIPE_KEY) -> None:
    """Check the platform's health as a worker does."""
    gateway = Gateway(key, service.simulator.base_url, timeout=2, retries=0)
    settings = service.settings
    limits = {"stale_after": settings.stale_after, "backfill_after": settings.backfill_after}
    try:
        await periodic.hasten("health")
        assert await health.watch(gateway, "tests", webhook_url=settings.webhook_url, **limits) == 1
    finally:
        await gateway.close()


async def refuse(service: Service, *external_ids: str, times: int = 1) -> None:
    inject_fault(service, "/v2/core/accounts", REFUSED)
    for external_id in external_ids:
        for _ in range(times):
            assert (await service.create(external_id))["__typename"] == "StripeRefusedError"
    clear_faults(service)


@pytest.mark.slow
async def test_a_refusal_is_hidden_until_it_occurs_again(idle: Service) -> None:
    drop_deliveries(idle)
    await refuse(idle, "shop-1", "shop-2")
    await check(idle)
    assert await problems(idle) == {"CREATIONS_REFUSED": ["shop-1", "shop-2"]}
    assert await ready(idle) == ["CREATIONS_REFUSED"]

    result = await dismiss(idle, "CREATIONS_REFUSED", "shop-1")
    row = await DismissedProblem.get()
    assert row.actor == (await idle.graphql("{ viewer { subject } }"))["viewer"]["subject"]
    assert result == {
        "__typename": "DismissProblemPayload",
        "dismissed": [
            {
                "code": "CREATIONS_REFUSED",
                "subject": "shop-1",
                "actor": row.actor,
                "dismissedAt": wire_time(row.dismissed_at),
            }
        ],
    }
    # A repeat changes nothing.
    assert await dismiss(idle, "CREATIONS_REFUSED", "shop-1") == result
    assert await problems(idle) == {"CREATIONS_REFUSED": ["shop-2"]}
    assert await ready(idle) == ["CREATIONS_REFUSED"]

    whole = await dismiss(idle, "CREATIONS_REFUSED")
    assert [one["subject"] for one in whole["dismissed"]] == ["shop-2", "shop-1"]
    assert await dismiss(idle, "CREATIONS_REFUSED") == whole
    assert (await problems(idle), await ready(idle)) == ({}, [])
    await check(idle)
    assert (await problems(idle), await ready(idle)) == ({}, [])
    both = [("CREATIONS_REFUSED", "shop-2"), ("CREATIONS_REFUSED", "shop-1")]
    assert await dismissed(idle) == both

    # Stripe refuses the creation of shop-1 again, and that of shop-3 for the first time.
    await refuse(idle, "shop-1", "shop-3")
    assert await problems(idle) == {"CREATIONS_REFUSED": ["shop-1", "shop-3"]}
    await check(idle)
    assert await ready(idle) == ["CREATIONS_REFUSED"]
    assert await dismissed(idle) == both[:1]


@pytest.mark.slow
async def test_a_problem_without_subjects_is_hidden_until_it_is_solved_and_returns(idle: Service) -> None:
    wrong = "rk_test_" + "x" * 24
    await check(idle, wrong)
    assert await problems(idle) == {"STRIPE_KEY_REFUSED": []}
    (one,) = (await dismiss(idle, "STRIPE_KEY_REFUSED"))["dismissed"]
    assert (one["code"], one["subject"]) == ("STRIPE_KEY_REFUSED", None)
    assert (await problems(idle), await ready(idle)) == ({}, [])
    await check(idle, wrong)
    assert (await problems(idle), await ready(idle)) == ({}, [])
    assert await dismissed(idle) == [("STRIPE_KEY_REFUSED", None)]
    await check(idle)
    assert await dismissed(idle) == []
    await check(idle, wrong)
    assert await problems(idle) == {"STRIPE_KEY_REFUSED": []}
    assert await ready(idle) == ["STRIPE_KEY_REFUSED"]


@pytest.mark.one_database
async def test_only_a_present_problem_can_be_dismissed(idle: Service) -> None:
    drop_deliveries(idle)
    await refuse(idle, "shop-1")
    await check(idle)
    for code, subject in (
        ("EVENTS_FAILED", None),
        ("CREATIONS_REFUSED", "shop-2"),
        ("CREATIONS_REFUSED", ""),
        ("CREATIONS_REFUSED", "a" * 300),
        ("CREATIONS_REFUSED", "\x00"),
    ):
        assert await dismiss(idle, code, subject) == {
            "__typename": "ProblemNotFoundError",
            "message": "The platform has no such problem at present. Read `platform { problems { code "
            "subjects } }` for the present problems.",
        }
    assert not await DismissedProblem.exists()
    assert await ready(idle) == ["CREATIONS_REFUSED"]
    for role, merchant in (("service", None), ("merchant", "shop-1")):
        error = await idle.error(DISMISS, {"code": "CREATIONS_REFUSED"}, role=role, merchant=merchant)
        assert error == ("FORBIDDEN", "This operation requires a token with the role operator.")
    assert not await DismissedProblem.exists()


@pytest.mark.slow
async def test_invalid_input_is_not_a_problem_and_a_repeated_refusal_counts_once(idle: Service) -> None:
    drop_deliveries(idle)
    assert (await idle.create("shop-1", country="KP"))["__typename"] == "CountryNotSupportedError"
    for code in ("email_invalid", "entity_type_not_supported_in_country"):
        body = {"error": {"code": code, "message": "No."}}
        inject_fault(idle, "/v2/core/accounts", {"status": 400, "body": body, "times": 1})
        assert (await idle.create("shop-2"))["code"] == code
    clear_faults(idle)
    await check(idle)
    assert await AccountCreation.filter(state="REFUSED").count() == 3
    assert (await problems(idle), await ready(idle)) == ({}, [])
    await refuse(idle, "shop-3", times=6)
    assert await problems(idle) == {"CREATIONS_REFUSED": ["shop-3"]}


@pytest.mark.one_database
async def test_dismissals_are_logged_with_their_actor(idle: Service) -> None:
    drop_deliveries(idle)
    await refuse(idle, "shop-1")
    with capture_logs() as lines:
        await dismiss(idle, "CREATIONS_REFUSED")
    (line,) = [line for line in lines if line["event"] == "problem_dismissed"]
    actor = (await DismissedProblem.get()).actor
    assert (line["code"], line["subjects"], line["actor"]) == ("CREATIONS_REFUSED", 1, actor)


async def test_dismissing_a_whole_problem_includes_the_subjects_that_its_message_does_not_name(
    idle: Service,
) -> None:
    drop_deliveries(idle)
    await store([build_merchant(f"shop-{number:02}", "active") for number in range(12)])
    await ConnectedAccount.all().update(entries_cut=3)
    assert len((await problems(idle))["REQUIREMENTS_CUT"]) == 12
    await dismiss(idle, "REQUIREMENTS_CUT")
    assert "REQUIREMENTS_CUT" not in await problems(idle)
    assert await DismissedProblem.all().count() == 12
