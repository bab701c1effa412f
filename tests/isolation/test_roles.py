"""Other roles see the data that merchants must not see. Callers without a valid token see nothing."""

import pytest

from api.auth import development
from connect.scope import Role
from tests.isolation.answers import Caller, Observed
from tests.isolation.operations import KINDS
from tests.isolation.samples import two_for_each_document
from tests.isolation.turns import FAILURES, MARKS, Parties, check, select

pytestmark = MARKS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_operators_and_services_see_what_merchants_must_not_see(
    parties: Parties, observed: Observed
) -> None:
    """The same operations show the data to other roles, which proves that the operations select the data."""
    service, _, kilo = parties
    expected = {"operator": kilo.shown | kilo.shown_to_operators, "service": kilo.shown}
    callers = {role: Caller(observed, service.token(role)) for role in expected}
    shown: dict[str, set[str]] = {role: set() for role in expected}
    for kind in ("query", "mutation"):
        result = [one for one in select(service, kilo, kilo, kind) if len(one.varied) == 1]
        documents = [one for one in two_for_each_document(result) if one.is_complete]
        simple = [one for one in result if one.is_simple and kind == "query"]
        for place, one in enumerate((*documents, *simple)):
            if place >= len(documents) and shown == expected:
                break
            for role, caller in callers.items():
                answer = await caller.ask(one.text, one.existing)
                assert not answer.codes & FAILURES, f"{role}: {one}: {answer.body}"
                if kind == "query":  # the answer to a mutation repeats its input
                    shown[role].update(text for text in expected["operator"] if text in answer.raw)
    assert shown == expected


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_without_a_valid_token_every_operation_gets_the_same_answer(
    parties: Parties, observed: Observed
) -> None:
    service, alfa, kilo = parties
    auth = service.settings.auth

    def token(issuer: str = auth.issuer, lifetime_seconds: int = 60) -> str:
        assert auth.development_key_file is not None
        return development.token(
            auth.development_key_file,
            issuer=issuer,
            audience=auth.audience,
            role=Role.OPERATOR,
            merchant=None,
            lifetime_seconds=lifetime_seconds,
        )

    operations = [one for kind in KINDS for one in select(service, alfa, kilo, kind) if one.is_complete]
    texts = {one.text: one for one in operations if one.refers}
    for bad, reason in (
        (None, "There is no bearer token. Send the header Authorization: Bearer <token>."),
        (token(lifetime_seconds=-60), "The token has expired. Ask the identity provider for a new one."),
        (token(issuer="others"), "The token has another issuer. Ask 'tests' for one."),
    ):
        caller = Caller(observed, bad)
        for one in texts.values():
            answer = await caller.ask(one.text, one.existing)
            check(answer, kilo, str(one))
            refused = {"code": "UNAUTHENTICATED", "requestId": "(request)"}
            assert answer.body == {"errors": [{"message": reason, "extensions": refused}]}
            assert (answer.status, answer.statements, answer.calls) == (401, 0, {})
