"""The task about disputes, failed refunds and warnings (`Matter`, docs/decisions/0030). Pure."""

from connect.disputes.rules.responses import Responses
from connect.merchants.rules.messages import Message, say
from connect.merchants.rules.status.next_action import Matter


def dispute_matters(responses: Responses) -> tuple[Matter, ...]:
    """Return the only Matter of the task RESPOND_TO_DISPUTES_AND_REFUNDS, or an empty tuple if nothing needs
    a response.

    Its action is about disputes if there are any, or else about warnings, or else about failed refunds.
    Warnings come before failed refunds, because a refund after a warning can prevent a dispute.
    """
    if not responses.count:
        return ()
    explanation = say(
        "task.disputes.open",
        disputes=responses.disputes,
        failed_refunds=responses.failed_refunds,
        warnings=responses.warnings,
    )
    task = "RESPOND_TO_DISPUTES_AND_REFUNDS"
    return (Matter(task, responses.count, explanation, _action(responses), responses.due_by),)


def _action(responses: Responses) -> Message:
    if responses.disputes:
        return say("action.dispute")
    return say("action.warning" if responses.warnings else "action.failed_refund")
