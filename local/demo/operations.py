"""The GraphQL operations of the demo."""


def _mutation(name: str, selection: str, more: str = "") -> str:
    """Return a mutation. Its input and payload types must be named after it. `more` selects fields of errors
    in addition to their messages.
    """
    kind = f"{name[0].upper()}{name[1:]}"
    return (
        f"mutation ($input: {kind}Input!) {{ {name}(input: $input) {{ __typename"
        f" ... on {kind}Payload {{ {selection} }} ... on Error {{ message }} {more} }} }}"
    )


_MERCHANT = "merchant { externalId status account { stripeAccountId } }"

CREATE = _mutation("createMerchant", _MERCHANT, f"... on StripeUnavailableError {{ {_MERCHANT} }}")
ADOPT = _mutation("adoptMerchant", "created")
ONBOARD = _mutation("createOnboardingLink", "url")
UPDATE = _mutation("updateMerchant", "merchant { status }")
CLOSE = _mutation("closeMerchant", "merchant { status }")
ERASE = _mutation("eraseMerchant", "merchant { status }")
DISMISS = _mutation("dismissProblem", "dismissed { code }")
CHECKOUT = _mutation("createCheckout", "url payment { id }")
REFUND = _mutation("refundPayment", "refund { id }")
ANSWER = _mutation("submitDisputeEvidence", "dispute { id }")
SUBSCRIBE = _mutation("startService", "url")
PAYMENT = """
query ($by: PaymentRef!) {
  payment(by: $by) { id amount { minorUnits } disputes { id stripeDisputeId evidence { version } } }
}
"""
