"""The mutations that adopt existing accounts, with their inputs, payloads and errors."""

from collections.abc import Sequence
from typing import Annotated

import strawberry
from strawberry import argument, field

from connect import errors
from connect.errors import FieldCode, InvalidInput
from connect.merchants.adoption import adoption, imports
from connect.merchants.adoption.imports import MAX_ENTRIES, ImportOutcome, ImportResult
from connect.merchants.inputs import NewAdoption
from connect.merchants.rules.adoption import Finding, FindingCode, Severity, refuses
from connect.merchants.rules.document import Document
from connect.scope import Principal, Role
from models import Merchant as MerchantRow
from resolvers.common.errors import Error, InvalidField, InvalidInputError, expected, mutation
from resolvers.common.scalars import describe
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.merchants.mutations.errors import ExternalIdTakenError, StripeRefusedError
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.types.merchant import Merchant

describe(
    FindingCode,
    "AdoptionFindingCode",
    "A reason why an account cannot be adopted, or a warning about the account.",
    ACCOUNT_NOT_FOUND="The platform has no access to an account with this id.",
    ACCOUNT_TAKEN="Another merchant has the account, or had it until it was replaced.",
    CARD_PAYMENTS_NOT_REQUESTED="The capability `card_payments` is not requested. This is a warning.",
    CLOSED="The account is closed.",
    CREATED_FOR_MERCHANT="ConnectQL created the account for another merchant.",
    DASHBOARD_NOT_FULL="The merchant does not have the full Dashboard.",
    EMAIL_MISSING="The account has no contact email, and the input gives none.",
    FEES_COLLECTOR="Stripe does not collect its fees from the account.",
    LOSSES_COLLECTOR="Stripe does not bear the losses of the account.",
    NAME_MISSING="The account has no display name, and the input gives none.",
    NOT_A_MERCHANT="The account lacks the merchant configuration, which direct charges need.",
    NOT_YET_IN_V2="Stripe's API v2 does not accept the new account yet.",
    ONLY_IN_V1="Stripe's API v2 does not accept the account.",
    OTHER_INSTALLATION="Another installation of ConnectQL may manage the account. This is a warning.",
    OTHER_MODE="The account and the service are in different modes: one is in live mode, and the other in a "
    "sandbox.",
    RECIPIENT="The account can receive transfers, which are not used with direct charges. This is a warning.",
)
describe(
    Severity,
    "AdoptionSeverity",
    "The effect of a finding.",
    REFUSES="The account cannot be adopted.",
    WARNS="The account can be adopted. The platform should follow the remedy.",
)


@strawberry.type(
    name="AdoptionFinding",
    description="A reason why an account cannot be adopted, or a warning about the account.",
)
class AdoptionFinding:
    code: FindingCode = field(description="The kind of finding, as a code for programs.")
    severity: Severity = field(description="Whether the finding prevents the adoption.")
    message: str = field(description="The finding in a sentence.")
    remedy: str = field(description="The step that resolves the finding.")


@expected(errors.AccountNotAdoptable, "The account cannot be adopted. Nothing was stored.")
class AccountNotAdoptableError(Error):
    stripe_account_id: str = field(description="The `stripeAccountId` of the input.")
    findings: list[Finding] = field(
        description="All findings, including warnings.", graphql_type=list[AdoptionFinding]
    )


@expected(
    errors.AccountNotFetched,
    "Stripe gave no definite answer about the account, or a limit of calls to Stripe is reached. Nothing was "
    "stored. Repeating the same request is safe.",
)
class AccountNotFetchedError(Error):
    retry_after_seconds: int = field(
        description="The number of seconds to wait before the request is repeated."
    )


@strawberry.input(description="The account to adopt, and the merchant that it belongs to.")
class AdoptMerchantInput:
    external_id: str = field(description="The platform's own id of the merchant: 1 to 255 characters.")
    stripe_account_id: str = field(
        description="Stripe's id of the account: `acct_...`. Accounts that were created with Stripe's API v1 "
        "are accepted as well."
    )
    display_name: str | None = field(
        default=None,
        description="The name of the merchant: 1 to 255 characters. It is used only if the account has no "
        "name at Stripe.",
    )
    contact_email: str | None = field(
        default=None,
        description="The merchant's e-mail address: at most 254 characters. It is used only if the account "
        "has none at Stripe.",
    )
    dry_run: bool = field(
        default=False,
        description="If true, ConnectQL only checks whether the account can be adopted, and stores nothing.",
    )


@strawberry.type(description="The merchant was adopted or already existed, or the dry run has ended.")
class AdoptMerchantPayload:
    merchant: Document | None = field(
        description="The merchant. Null after a dry run, unless the merchant already exists with this "
        "account.",
        graphql_type=Merchant | None,
    )
    created: bool = field(description="Whether this call adopted the account.")
    is_adoptable: bool = field(
        description="False if a finding prevents the adoption. Always true if `merchant` is not null."
    )
    findings: list[Finding] = field(
        description="The findings about the account. If this was not a dry run, they are only warnings. "
        "Empty if the merchant already existed.",
        graphql_type=list[AdoptionFinding],
    )


@mutation(
    "Create a merchant for an account that the platform already has. The account must be open, and it must "
    "have the full Dashboard and the merchant configuration. The account and the service must both be in "
    "live mode, or both in a sandbox. Stripe must collect its fees from the account and cover its losses. "
    "ConnectQL fetches the account, changes nothing at Stripe, and processes the account's events from then "
    "on. A repeated call with the same ids returns the same merchant without a call to Stripe. For "
    "operators and services.",
    *(AdoptMerchantPayload, AccountNotAdoptableError, AccountNotFetchedError, ExternalIdTakenError),
    *(InvalidInputError, StripeRefusedError),
)
async def adopt_merchant(
    info: Info,
    input: Annotated[AdoptMerchantInput, argument(description="The account and its merchant.")],  # noqa: A002
) -> AdoptMerchantPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    new = NewAdoption(input.external_id, input.stripe_account_id, input.display_name, input.contact_email)
    merchant, created, findings = await adoption.adopt(
        info.context.caller_gateway, new, actor=principal.subject, dry_run=input.dry_run
    )
    return AdoptMerchantPayload(
        merchant=_document(principal, merchant),
        created=created,
        is_adoptable=not refuses(findings),
        findings=list(findings),
    )


@strawberry.input(description="One account to import.")
class ImportMerchantInput:
    external_id: str = field(description="See `externalId` of AdoptMerchantInput.")
    stripe_account_id: str = field(description="See `stripeAccountId` of AdoptMerchantInput.")
    display_name: str | None = field(default=None, description="See `displayName` of AdoptMerchantInput.")
    contact_email: str | None = field(default=None, description="See `contactEmail` of AdoptMerchantInput.")


@strawberry.input(description="The accounts to import.")
class ImportMerchantsInput:
    merchants: list[ImportMerchantInput] = field(description=f"1 to {MAX_ENTRIES} accounts.")
    dry_run: bool = field(
        default=False,
        description="If true, ConnectQL only checks whether the accounts can be adopted, and stores nothing.",
    )


describe(
    ImportOutcome,
    "ImportOutcome",
    "The outcome of one entry of an import.",
    ADOPTED="The merchant was adopted.",
    UNCHANGED="The merchant already existed with this account, so Stripe was not called.",
    ADOPTABLE="The dry run has found that the account can be adopted.",
    REFUSED="The entry cannot be imported. `message` has the reason.",
    UNANSWERED="Stripe gave no definite answer, or a limit of calls to Stripe is reached. Repeat the entry "
    "later.",
    FAILED="The entry failed because of an error of the service or its database. Repeat the entry later, "
    "which is safe.",
)


@strawberry.type(name="ImportResult", description="The result of one entry of an import.")
class ImportResultType:
    external_id: str = field(description="The external id of the entry.")
    stripe_account_id: str = field(description="The `stripeAccountId` of the entry.")
    outcome: ImportOutcome = field(description="The result for this entry.")
    merchant: Document | None = field(
        description="The merchant, if it was adopted or already existed.", graphql_type=Merchant | None
    )
    message: str | None = field(description="The cause and the remedy, if the entry has no merchant.")
    fields: list[InvalidField] = field(description="The invalid fields of the entry.")
    findings: list[Finding] = field(
        description="The findings about the account.", graphql_type=list[AdoptionFinding]
    )
    retry_after_seconds: int | None = field(
        description="If the outcome is UNANSWERED, the number of seconds to wait before the entry is "
        "repeated. Otherwise null."
    )


@strawberry.type(description="The import has ended.")
class ImportMerchantsPayload:
    results: list[ImportResultType] = field(
        description="One result for each entry, in the order of the input."
    )


@mutation(
    f"Adopt at most {MAX_ENTRIES} accounts, in the same way as adoptMerchant. If an entry is refused, the "
    "import continues with the other entries. Repeating the same list is safe, and calls Stripe only for "
    "entries that have no merchant yet. The command `python -m api import` reads longer lists. For operators "
    "and services.",
    *(ImportMerchantsPayload, InvalidInputError),
)
async def import_merchants(
    info: Info,
    input: Annotated[ImportMerchantsInput, argument(description="The accounts to import.")],  # noqa: A002
) -> ImportMerchantsPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal = info.context.principal
    entries = [
        NewAdoption(one.external_id, one.stripe_account_id, one.display_name, one.contact_email)
        for one in input.merchants
    ]
    _check_size(entries)
    gateway = info.context.caller_gateway
    run = imports.run(gateway, entries, actor=principal.subject, dry_run=input.dry_run)
    return ImportMerchantsPayload(results=[_result(principal, one) async for one in run])


def _check_size(entries: Sequence[NewAdoption]) -> None:
    message, user_message = f"Give 1 to {MAX_ENTRIES} entries.", f"Choose 1 to {MAX_ENTRIES} accounts."
    if not 1 <= len(entries) <= MAX_ENTRIES:
        code = FieldCode.TOO_MANY if entries else FieldCode.REQUIRED
        raise InvalidInput([errors.InvalidField("merchants", code, message, user_message)])


def _document(principal: Principal, merchant: MerchantRow | None) -> Document | None:
    return merchant_lookup.of(principal, merchant) if merchant is not None else None


def _result(principal: Principal, result: ImportResult) -> ImportResultType:
    error = result.error
    return ImportResultType(
        external_id=result.new.external_id,
        stripe_account_id=result.new.stripe_account_id,
        outcome=result.outcome,
        merchant=_document(principal, result.merchant),
        message=error.message if error is not None else None,
        fields=list(error.fields) if isinstance(error, InvalidInput) else [],  # type: ignore[arg-type]
        findings=list(result.findings),
        retry_after_seconds=error.retry_after_seconds
        if isinstance(error, errors.AccountNotFetched)
        else None,
    )
