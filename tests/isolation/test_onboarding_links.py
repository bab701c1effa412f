"""The address of an onboarding link reveals nothing to a browser without the link's cookie."""

import httpx

from testing.service import RETURN_TO, Service
from testing.state import read_tables
from tests.isolation.answers import calls
from tests.isolation.merchants import Party, belongs
from tests.isolation.turns import MARKS, Parties

pytestmark = MARKS


async def test_onboarding_addresses_reveal_nothing_to_another_browser(parties: Parties) -> None:
    """Try the other merchant's address with the caller's cookies and token, and the caller's address with
    the other merchant's cookie.
    """
    service, alfa, kilo = parties
    for me, other in ((alfa, kilo), (kilo, alfa)):
        # The other merchant's browser returns first. For a minute after that, a return without its cookie
        # causes no fetch.
        own = dict([other.link.cookie])
        came_back = await _visit(service, "return", other.link.address, own)
        assert f"merchant={other.external_id}" in came_back.headers["location"]
        before, calls_before = owned(await read_tables(), other), calls(service)
        mine = {me.link.cookie[0]: me.link.cookie[1]}
        mixed = {other.link.cookie[0]: me.link.cookie[1]}
        bearer = {"Authorization": f"Bearer {service.token('merchant', me.external_id)}"}
        answers = {}
        for path, outcome in (("refresh", "expired"), ("return", "returned")):
            for cookies in ({}, mine, mixed, mine | mixed):
                for headers in ({}, bearer):
                    # Without its cookie, the other merchant's address only redirects to the app.
                    answer = await _visit(service, path, other.link.address, cookies, headers)
                    assert answer.status_code == 302
                    assert answer.headers["location"] == f"{RETURN_TO}&onboarding={outcome}"
                    answers[path, str(cookies), str(headers)] = answer
            for address in (other.link.cookie[1], other.external_id, other.link.address[:-1]):
                answer = await _visit(service, path, address, own | mine)
                assert answer.status_code == 404
                answers[path, address, ""] = answer
        for answer in answers.values():
            raw = f"{answer.headers}\n{answer.text}"
            assert [mark for mark in other.marks if mark in raw] == []
        assert owned(await read_tables(), other) == before
        assert calls(service) == calls_before

        # The caller's address with the other merchant's cookie gives neither a link nor the other's data.
        theirs = {me.link.cookie[0]: other.link.cookie[1]}
        answer = await _visit(service, "refresh", me.link.address, theirs)
        assert answer.headers["location"] == f"{RETURN_TO}&onboarding=expired"
        assert owned(await read_tables(), other) == before
        assert calls(service) == calls_before


def owned(written: dict[str, list[str]], party: Party) -> list[str]:
    """Return the rows of a merchant in all tables."""
    result = [row for table in written.values() for row in table if belongs(row, party.keys)]
    assert len(result) > 30
    return result


async def _visit(
    service: Service, path: str, address: str, cookies: dict[str, str], headers: dict[str, str] | None = None
) -> httpx.Response:
    async with httpx.AsyncClient(
        base_url=service.url, cookies=cookies, headers=headers, trust_env=False, verify=False
    ) as browser:
        return await browser.get(f"/onboarding/{path}", params={"link": address})
