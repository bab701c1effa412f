"""The sentences about a merchant, by message key, for the platform's staff and for the merchant itself.

`{items}` is a number of requirement groups, such as `3 items`. For a single group, it includes the title:
`one item (Website)`. If there is no group, it is `more information`. `{capabilities}` lists the titles of
capabilities. `{responses}` has a sentence for each kind of object that needs a response.
"""

from collections.abc import Mapping

from connect.finances import wording as finances
from connect.merchants.rules.messages import Audience, Message, Value
from connect.merchants.wording.capabilities import capability

# The maximum number of titles in a list.
MAX_NAMED = 3

# One text for both audiences, or a text for the platform's staff and one for the merchant.
SENTENCES: Mapping[str, str | tuple[str, str]] = {
    # Summaries.
    "summary.creating": (
        "The account is being created at Stripe.",
        "Your account is being created at Stripe.",
    ),
    "summary.onboarding": (
        "Onboarding is not finished: Stripe still needs some information before payments can start.",
        "Your onboarding is not finished: Stripe still needs some information before payments can start.",
    ),
    "summary.action_required": "{Items} {is} still needed before card payments can start.",
    "summary.action_required.errors": (
        "Stripe could not verify {items}. Card payments can start after a correction.",
        "Stripe could not verify {items}. Please correct {it} so that card payments can start.",
    ),
    "summary.action_required.overdue": "{Items} {is} overdue and needed before card payments can start.",
    "summary.pending_review": "Stripe has all the information and is reviewing it.",
    "summary.pending_review.cards": "Stripe is reviewing the information for card payments.",
    "summary.pending_review.some": "Stripe is reviewing some of the information.",
    "summary.active": "Payments and payouts work; nothing needs attention.",
    "summary.active.core": "Card payments and payouts work.",
    "summary.active.review": "Card payments and payouts work; Stripe is reviewing the information provided.",
    "summary.due_soon": "Card payments and payouts work, but {items} {is} needed to keep them working.",
    "summary.due_soon.one": (
        "Card payments and payouts work, but {items} {is} needed to keep {capabilities} working."
    ),
    "summary.due_soon.overdue": (
        "Card payments and payouts work, but {items} {is} overdue and needed to keep them working."
    ),
    "summary.due_soon.overdue.one": (
        "Card payments and payouts work, but {items} {is} overdue and needed to keep {capabilities} working."
    ),
    "summary.due_soon.later": (
        "Card payments and payouts work. Stripe asks for more information for {capabilities}."
    ),
    "summary.due_soon.more": "Card payments and payouts work. Stripe asks for more information.",
    "summary.payouts_blocked": "Card payments work, but payouts are on hold: {items} {is} needed.",
    "summary.payouts_blocked.errors": (
        "Card payments work, but payouts are on hold: Stripe could not verify {items}."
    ),
    "summary.payouts_blocked.overdue": (
        "Card payments work, but payouts are on hold: {items} {is} overdue and needed."
    ),
    "summary.payouts_blocked.review": (
        "Card payments work, but payouts are on hold while Stripe reviews the information."
    ),
    "summary.payouts_blocked.contact": (
        "Card payments work, but payouts do not; Stripe support can explain why."
    ),
    "summary.payouts_blocked.hold": (
        "Card payments work, but Stripe has restricted payouts. No information can lift the restriction; "
        "Stripe support can explain why."
    ),
    "summary.restricted": "Card payments are paused: {items} {is} needed to resume them.",
    "summary.restricted.errors": "Card payments are paused: Stripe could not verify {items}.",
    "summary.restricted.overdue": "Card payments are paused: {items} {is} overdue and needed to resume them.",
    "summary.restricted_by_stripe": "Stripe has restricted card payments; Stripe support can explain why.",
    "summary.restricted_by_stripe.hold": (
        "Stripe has restricted card payments. No information can lift the restriction; Stripe support can "
        "explain why."
    ),
    "summary.rejected": (
        "Stripe has rejected the account; Stripe support can explain why.",
        "Stripe has rejected your account; Stripe support can explain why.",
    ),
    "summary.rejected.payouts": "Stripe has rejected payouts; Stripe support can explain why.",
    "summary.rejected.appeal": (
        "Stripe has rejected the account. The merchant can appeal in the Stripe Dashboard.",
        "Stripe has rejected your account. You can appeal in the Stripe Dashboard.",
    ),
    "summary.rejected.platform": (
        "The platform has rejected the account; the platform can explain why.",
        "The platform has rejected your account; the platform can explain why.",
    ),
    "summary.unsupported": (
        "Stripe does not support card payments for this business.",
        "Stripe does not support card payments for your business.",
    ),
    "summary.not_requested": (
        "Card payments have not been requested for this account.",
        "Card payments have not been requested for your account.",
    ),
    "summary.disconnected": (
        "The account is no longer connected to the platform.",
        "Your account is no longer connected to the platform.",
    ),
    "summary.closed": ("The account is closed.", "Your account is closed."),
    "summary.erased": ("The data of this merchant was erased.", "Your data was erased."),
    "summary.unknown": (
        "Stripe has not reported the status of this account yet.",
        "Stripe has not reported the status of your account yet.",
    ),
    # Further sentences, about groups that the first sentence leaves out.
    "summary.also": "{Items} {is} needed for {capabilities}.",
    "summary.also.overdue": "{Items} {is} overdue for {capabilities}.",
    "summary.also.other": "Stripe also asks for {items}.",
    "summary.also.other.overdue": "Stripe also asks for {items}, which {is} overdue.",
    # Next actions, short enough for buttons.
    "action.creating": "Wait for the account to be created",
    "action.start_onboarding": "Start onboarding",
    "action.resume_onboarding": "Continue onboarding",
    "action.complete_form": "Complete the onboarding form",
    "action.wait": "Wait for Stripe's review",
    "action.open_dashboard": "Open the Stripe Dashboard",
    "action.provide": "Provide the requested information in the Stripe Dashboard",
    "action.appeal": "Appeal in the Stripe Dashboard",
    "action.dispute": "Answer a dispute",
    "action.warning": "Refund a payment that the customer's bank may dispute",
    "action.failed_refund": "Check a failed refund in the Stripe Dashboard",
    "action.contact_stripe": "Contact Stripe support",
    "action.contact_platform": ("Talk to the merchant", "Contact the platform"),
    "action.request_cards": ("Request card payments", "Ask the platform to request card payments"),
    "action.unsupported": "No action is possible",
    "action.closed": "The account is closed",
    "action.erased": "The data was erased",
    "action.check_again": "Check again in a moment",
    # The reasons why the Dashboard is not available.
    "dashboard.creating": (
        "The account is still being created at Stripe.",
        "Your account is still being created at Stripe.",
    ),
    "dashboard.onboarding": (
        "The merchant gets Stripe credentials during onboarding, which is not finished yet.",
        "You get Stripe credentials during onboarding, which is not finished yet.",
    ),
    "dashboard.decided": (
        "Stripe's decision ended the onboarding before the merchant got Stripe credentials.",
        "Stripe's decision ended your onboarding before you got Stripe credentials.",
    ),
    # The tasks in the Dashboard.
    "task.requirements.none": "No information is needed at the moment.",
    "task.requirements.later": "Nothing is due now, but Stripe asks for more information.",
    "task.requirements": "{Items} {is} needed.",
    "task.requirements.errors": "{Items} {is} needed; Stripe could not verify some of the information.",
    "task.finances": "Balance, payments and reports.",
    "task.disputes": "Respond to disputes and refund payments in the Dashboard.",
    "task.disputes.open": "{responses}",
    "task.payouts": (
        "Stripe pays out on the schedule that the merchant sets.",
        "Stripe pays out on the schedule that you set.",
    ),
    "task.payouts.keep": "Payouts work; {items} {is} needed to keep them working.",
    "task.payouts.overdue": "Payouts work, but {items} {is} overdue.",
    "task.payouts.needed": "Payouts are on hold: {items} {is} needed first.",
    "task.payouts.review": "Payouts are on hold while Stripe reviews the information.",
    "task.payouts.contact": "Payouts do not work; Stripe support can explain why.",
    "task.payouts.rejected": "Stripe has turned payouts off.",
    "task.payouts.rejected.platform": "Payouts were turned off at the platform's request.",
    "task.payouts.unsupported": (
        "Stripe does not offer payouts to this business.",
        "Stripe does not offer payouts to your business.",
    ),
    "task.payouts.inactive": "Payouts are not active.",
    **finances.SENTENCES,
}


def render(message: Message, audience: Audience) -> str:
    """The text of a message for this audience."""
    texts = SENTENCES[message.key]
    if isinstance(texts, tuple):
        texts = texts[0] if audience is Audience.PLATFORM else texts[1]
    values = dict(message.parameters)
    count = values.get("count")
    if isinstance(count, int):
        items = _items(count, values.get("item"))
        values |= {
            "items": items,
            "Items": items[:1].upper() + items[1:],
            "is": "are" if count > 1 else "is",
            "it": "them" if count > 1 else "it",
        }
    if "disputes" in values:
        values["responses"] = _responses(values)
    names = values.get("capabilities")
    if isinstance(names, tuple):
        values["capabilities"] = _list(names)
    return texts.format(**values)


def parameters(message: Message) -> list[tuple[str, str]]:
    """The parameters as text; Stripe's names of capabilities are separated by spaces."""
    return [
        (name, " ".join(value) if isinstance(value, tuple) else str(value))
        for name, value in message.parameters
    ]


def _responses(values: Mapping[str, Value]) -> str:
    """A sentence for each number that is not 0."""
    texts = (
        (values["disputes"], "One dispute needs a response.", "{} disputes need a response."),
        (values["failed_refunds"], "One refund failed.", "{} refunds failed."),
        (
            values["warnings"],
            "A bank may soon dispute one payment; a full refund usually avoids that.",
            "Banks may soon dispute {} payments; full refunds usually avoid that.",
        ),
    )
    return " ".join(one if number == 1 else many.format(number) for number, one, many in texts if number)


def _items(count: int, title: Value | None) -> str:
    if count == 0:
        return "more information"
    if count == 1:
        return f"one item ({title})" if title else "one item"
    return f"{count} items"


def _list(names: tuple[str, ...]) -> str:
    titles = [_in_sentence(name) for name in names[:MAX_NAMED]]
    if len(names) > MAX_NAMED:
        titles.append(f"{len(names) - MAX_NAMED} more")
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)


def _in_sentence(name: str) -> str:
    """A title within a sentence. Two titles become lower case; most others are names of brands."""
    title = capability(name)
    return title.lower() if title in {"Card payments", "Payouts"} else title
