"""The evidence of a dispute: texts and files, and Stripe's limits (https://docs.stripe.com/api/disputes/update)."""

from simulator.money import records
from simulator.money.disputes import disputes, enhanced, files
from simulator.state import Json
from simulator.wire import forms, versions
from simulator.wire.calls import Call
from simulator.wire.errors import Refused

TABLE: dict[str, forms.Table] = {
    **dict.fromkeys(disputes.FIELDS, forms.Unset(str)),
    "appeal": forms.Unset(enhanced.APPEAL),
    "enhanced_evidence": forms.Unset(enhanced.TABLE),
}
MAX_CHARACTERS, MAX_TOTAL_CHARACTERS = 20_000, 150_000
MAX_TOTAL_BYTES = 4_500_000
# To estimate how many pages the texts fill, the simulator assumes this many characters per page.
_CHARACTERS_OF_PAGE = 3_000


def merged(call: Call, opened: Json, changes: Json) -> Json:
    """Return a dispute's evidence, updated with the changes of a request.

    Raises Refused if the evidence exceeds a limit, names a file that the account does not have, or has a
    field that this round of the dispute does not take. An appeal takes only `appeal`, and the first round
    takes all other fields.
    """
    is_appeal = opened["status"] in disputes.APPEALS
    if is_appeal is not ("appeal" in changes) or (is_appeal and len(changes) > 1):
        raise Refused(None, "An appeal takes only `appeal`, which no other dispute takes.", param="evidence")
    if is_appeal:
        return {**opened["evidence"], "appeal": _appeal(call, changes["appeal"])}
    evidence: Json = {**opened["evidence"], **changes}
    if "enhanced_evidence" in changes:
        evidence["enhanced_evidence"] = enhanced.merged(call, opened, changes["enhanced_evidence"])
    texts = {name: evidence[name] for name in disputes.TEXTS.split() if evidence[name]}
    for name, text in texts.items():
        if len(text) > MAX_CHARACTERS:
            message = (
                f"Invalid string: {text[:10]}...{text[-10:]}; must be at most {MAX_CHARACTERS} characters"
            )
            raise Refused(None, message, param=f"evidence[{name}]")
    characters = sum(map(len, texts.values()))
    if characters > MAX_TOTAL_CHARACTERS:
        message = f"The combined character count of all evidence is above {MAX_TOTAL_CHARACTERS}."
        raise Refused(None, message, param="evidence")
    attached = [
        _file(call, name, evidence[name], is_new=name in changes)
        for name in disputes.FILES.split()
        if evidence[name]
    ]
    if sum(one["size"] for one in attached) > MAX_TOTAL_BYTES:
        # The text and the limit are copied from a recording of Stripe.
        message = (
            "The files you've attached to this dispute as evidence will exceed the limit for a dispute's "
            "total size. Try using smaller files as evidence. Hint: if you've attached images, you might "
            "want to try providing them in lower resolutions."
        )
        raise Refused(None, message)
    pages = sum(one["_pages"] for one in attached) - -characters // _CHARACTERS_OF_PAGE
    if pages > files.MAX_PAGES and call.version >= versions.EVIDENCE_PAGES:
        message = f"The evidence has about {pages} pages, and the network accepts {files.MAX_PAGES}."
        raise Refused("dispute_evidence_page_limit_exceeded", message, param="evidence")
    return evidence


def _appeal(call: Call, given: Json | None) -> Json | None:
    card = (given or {}).get("card")
    if card is None:
        return None
    for identifier in card.get("supporting_files") or ():
        records.find(call, "file", identifier, "evidence[appeal][card][supporting_files]")
    return {"card": {"reason_for_filing": None, "supporting_files": None, **card}}


def _file(call: Call, name: str, identifier: str, *, is_new: bool) -> Json:
    if not is_new:
        return call.state.all("file")[identifier]
    return records.find(call, "file", identifier, f"evidence[{name}]")


def is_given(evidence: Json) -> bool:
    """Whether the merchant has given any evidence.

    Stripe itself fills in the customer's name and e-mail address.
    """
    own = {"customer_email_address", "customer_name"}
    names = ("enhanced_evidence", *(name for name in disputes.FIELDS if name not in own))
    return any(evidence[name] for name in names)
