"""Answers to disputes: evidence that is staged or submitted, and the acceptance of a dispute.

Each answer is stored before the call (see `connect.stripe_api.stored_requests`). Its texts are stored in
encrypted form, and are deleted when Stripe has answered. Its files are stored at Stripe only. No text is
logged.

A merchant can answer in its own Dashboard at any time. So the service fetches the dispute before it answers.
An answer with an expected version is refused if the dispute has changed since the caller read it. Stripe has
no conditional update, so the service does not notice an answer that is given in the Dashboard between the
fetch and the call.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connect.disputes import answer_requests, checks, evidence_files, inputs
from connect.disputes.checks import ACCEPT, CHANGED_MESSAGE, STAGE, SUBMIT
from connect.disputes.inputs import NewAnswer
from connect.disputes.rules import stages
from connect.errors import DisputeChanged, StripeRefused, StripeUnavailable
from connect.payments.mirror import fetches, mirror
from connect.platform import faultpoints
from connect.stripe_api import stored_requests
from connect.stripe_api.gateway import Gateway
from models import Dispute, Payment

# A call waits for at most this many other answers to the same dispute.
MAX_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Answered:
    """The dispute after the answer. `created` is false if the same answer was given before."""

    dispute: Dispute
    created: bool


async def submit(gateway: Gateway, dispute: Dispute, new: NewAnswer, *, actor: str) -> Answered:
    """Stage evidence, or submit it together with the evidence that is staged already.

    Raises InvalidInput, DisputeNotAnswerable, DisputeChanged or StripeRefused if nothing was changed. Raises
    StripeUnavailable while it is unknown whether Stripe has the answer; the worker or a repeated call then
    completes it.
    """
    inputs.check(new)
    key = inputs.digest(new, gateway.token_key)

    async def body() -> dict[str, Any]:
        files = {part.name: await _file_id(gateway, dispute, part) for part in new.parts if part.text is None}
        texts = {part.name: part.text for part in new.parts if part.text is not None}
        evidence: dict[str, Any] = {**texts, **files, **await _enhanced(dispute, new)}
        if any(part.file is not None for part in new.parts):
            await _refresh(gateway, dispute)  # the dispute may have changed during the uploads
        return {**({"evidence": evidence} if evidence else {}), "submit": new.submit}

    kind = SUBMIT if new.submit else STAGE
    return await _answer(gateway, dispute, kind, key, new.expected_version, body, actor, new)


async def accept(gateway: Gateway, dispute: Dispute, expected_version: str, *, actor: str) -> Answered:
    """Accept a dispute that is neither an inquiry nor an appeal. Stripe then closes it as lost.

    Raises the same errors as `submit`, except InvalidInput.
    """

    async def body() -> dict[str, Any]:
        return {}

    return await _answer(gateway, dispute, ACCEPT, expected_version, expected_version, body, actor)


async def resume(gateway: Gateway, *, limit: int = 20, stopping: Callable[[], bool] = lambda: False) -> int:
    """Complete at most `limit` interrupted answers, and no more after `stopping` returns true. Returns the
    number of attempts.
    """
    return await stored_requests.resume(gateway, answer_requests.ANSWER, limit=limit, stopping=stopping)


async def _answer(
    gateway: Gateway,
    dispute: Dispute,
    kind: str,
    key: str,
    expected: str | None,
    body: Callable[[], Any],
    actor: str,
    new: NewAnswer | None = None,
) -> Answered:
    faultpoints.reach("dispute.arrived")
    for _ in range(MAX_OTHERS):
        request = await answer_requests.last(dispute.id)
        if request is None or request.state != "PENDING" or (request.kind, request.input) == (kind, key):
            break
        # Stripe has not yet replied to another answer. That answer must be completed first.
        with contextlib.suppress(StripeRefused):
            await stored_requests.complete_or_wait(gateway, answer_requests.ANSWER, request)
    await _refresh(gateway, dispute)
    if (known := await answer_requests.repeated(dispute.id, kind, key)) is None:
        await checks.check(await Dispute.get(id=dispute.id), kind, expected, new)  # before files are uploaded
        content = await body()
        request, created = await answer_requests.store(
            gateway, dispute, kind, key, expected, content, actor, new
        )
    else:
        request, created = known, False
    try:
        if created:
            await stored_requests.complete(gateway, answer_requests.ANSWER, request)
        else:
            await stored_requests.complete_or_wait(gateway, answer_requests.ANSWER, request)
    except StripeRefused as error:
        with contextlib.suppress(StripeUnavailable, StripeRefused):
            await _refresh(gateway, dispute)
        row = await Dispute.get(id=dispute.id)
        await checks.check(row, kind, None, new)  # raises a more exact error
        if error.code == answer_requests.CHANGED:
            raise DisputeChanged(row, CHANGED_MESSAGE) from error
        raise
    if created or request.state == "PENDING":
        with contextlib.suppress(StripeUnavailable, StripeRefused):
            await _refresh(gateway, dispute)
    return Answered(await Dispute.get(id=dispute.id), created)


async def _refresh(gateway: Gateway, dispute: Dispute) -> None:
    payment = await Payment.get(id=dispute.payment_id)
    await mirror.refresh(gateway, payment, "dispute", kinds={fetches.DISPUTE})


async def _enhanced(dispute: Dispute, new: NewAnswer) -> dict[str, Any]:
    """The evidence of an appeal and of the programs of card networks, in the form of Stripe's API."""
    programs: dict[str, Any] = {}
    if new.compelling is not None:
        programs[stages.COMPELLING_EVIDENCE] = new.compelling.body()
    if new.acknowledges_fee:
        program = stages.fee_program(await checks.known_dispute(dispute))
        if program is not None:
            programs[program.name] = {"fee_acknowledged": True}
    appeal = {"appeal": new.appeal.body()} if new.appeal is not None else {}
    return {**({"enhanced_evidence": programs} if programs else {}), **appeal}


async def _file_id(gateway: Gateway, dispute: Dispute, part: inputs.Part) -> str:
    """The id of the part's file at Stripe. Uploads the file if the input contains it."""
    if part.file is None:
        return part.file_id or ""
    return await evidence_files.send(gateway, dispute, part.file)
