"""Operations that tests, proofs and measurements share."""

CREATE = """
mutation ($input: CreateMerchantInput!) {
  createMerchant(input: $input) {
    __typename
    ... on CreateMerchantPayload { created merchant { id externalId status account { stripeAccountId } } }
    ... on Error { message }
    ... on InvalidInputError { field }
    ... on StripeRefusedError { code requestId }
    ... on StripeUnavailableError { retryAfterSeconds merchant { externalId status } }
  }
}
"""


def new_merchant(external_id: str, **changed: object) -> dict[str, object]:
    """Valid input of createMerchant."""
    return {
        "externalId": external_id,
        "displayName": f"Shop {external_id}",
        "contactEmail": f"{external_id}@shop.example",
        "country": "US",
        **changed,
    }


REPLACE = """
mutation ($input: ReplaceAccountInput!) {
  replaceAccount(input: $input) {
    __typename
    ... on ReplaceAccountPayload { replaced merchant { id externalId status account { stripeAccountId } } }
    ... on Error { message }
  }
}
"""


def new_account(external_id: str, stripe_account_id: str, **changed: object) -> dict[str, object]:
    """Valid input of replaceAccount for a merchant of `new_merchant`, which moves to another country."""
    account = new_merchant(external_id, **{"country": "DE", **changed})
    del account["externalId"]
    return {"merchant": {"externalId": external_id}, "stripeAccountId": stripe_account_id, **account}


START_SERVICE = """
mutation ($input: StartServiceInput!) {
  startService(input: $input) {
    __typename
    ... on Error { message }
    ... on StartServicePayload { url created merchant { id externalId } }
  }
}
"""
