"""The details of a merchant that inputs may contain. Stripe's form does not ask for details that an input has
already provided.
"""

import strawberry
from strawberry import field

from connect.merchants.inputs import Details, details
from resolvers.common.scalars import URL, CountryCode, CurrencyCode, Date

_TEXT = "1 to 255 characters."
_PHONE = "with the country code, 6 to 15 digits: `+49 30 1234567`."
_IDENTITY = (
    "ConnectQL sends these values to Stripe and stores them only until Stripe answers, in encrypted form. "
    "This API never returns them."
)


@strawberry.input(description="A postal address. Stripe checks whether its parts belong together.")
class AddressInput:
    country: CountryCode = field(description="The country.")
    line1: str | None = field(default=None, description=f"The street and the number: {_TEXT}")
    line2: str | None = field(default=None, description=f"The apartment, floor or company: {_TEXT}")
    city: str | None = field(default=None, description=f"The city: {_TEXT}")
    town: str | None = field(default=None, description=f"The district of the city, in Japan: {_TEXT}")
    state: str | None = field(default=None, description=f"The state, province or county: {_TEXT}")
    postal_code: str | None = field(default=None, description="The postal code: 1 to 20 characters.")


@strawberry.input(description="The contact that the merchant's customers see, such as on receipts.")
class SupportContactInput:
    email: str | None = field(default=None, description="The e-mail address: at most 254 characters.")
    phone: str | None = field(default=None, description=f"The phone number {_PHONE}")
    url: URL | None = field(default=None, description="The address of a public page about support.")
    address: AddressInput | None = field(default=None, description="The postal address.")


@strawberry.input(description=f"The business as a legal entity. {_IDENTITY}")
class BusinessInput:
    registered_name: str | None = field(default=None, description=f"The registered name: {_TEXT}")
    structure: str | None = field(
        default=None,
        description="The legal structure, with the name that Stripe uses, such as `private_company` or "
        "`sole_proprietorship`.",
    )
    phone: str | None = field(default=None, description=f"The phone number {_PHONE}")
    address: AddressInput | None = field(default=None, description="The registered address.")


@strawberry.input(
    description=f"The person who is the merchant, if the entity type is `INDIVIDUAL`. {_IDENTITY}"
)
class IndividualInput:
    given_name: str | None = field(default=None, description=f"The given name: {_TEXT}")
    surname: str | None = field(default=None, description=f"The family name: {_TEXT}")
    email: str | None = field(default=None, description="The e-mail address: at most 254 characters.")
    phone: str | None = field(default=None, description=f"The phone number {_PHONE}")
    date_of_birth: Date | None = field(
        default=None, description="The date of birth, from 1900 until 13 years ago."
    )
    address: AddressInput | None = field(default=None, description="The home address.")


@strawberry.input
class DetailsInput:
    """The fields that the inputs of createMerchant and updateMerchant share."""

    contact_phone: str | None = field(
        default=None, description=f"The phone number at which Stripe reaches the merchant, {_PHONE}"
    )
    merchant_category_code: str | None = field(
        default=None,
        description="The kind of business as a merchant category code: four digits, such as `5734`. If "
        "it is never given, Stripe's onboarding form asks for it.",
    )
    doing_business_as: str | None = field(
        default=None, description=f"The name under which customers know the business: {_TEXT}"
    )
    statement_descriptor: str | None = field(
        default=None,
        description="The text on the bank statements of customers: 5 to 22 Latin characters with at least "
        "one letter, without `< > \\ ' \" *`.",
    )
    statement_descriptor_prefix: str | None = field(
        default=None,
        description="The prefix on bank statements for payments that have their own statement descriptor "
        "suffix: 2 to 10 Latin characters with at least one letter.",
    )
    currency: CurrencyCode | None = field(
        default=None,
        description="The currency of the account's balance. If it is never given, Stripe uses the currency "
        "of the country. Stripe refuses a change after the account was activated.",
    )
    locales: list[str] | None = field(
        default=None,
        description="The languages of the merchant, the preferred one first. At most 10 of the languages "
        "that Stripe supports, such as `de` or `en-GB`.",
    )
    support: SupportContactInput | None = field(
        default=None, description="The contact that the merchant's customers see."
    )
    business: BusinessInput | None = field(default=None, description="The business as a legal entity.")
    individual: IndividualInput | None = field(
        default=None,
        description="The person who is the merchant. It can be given only with the entity type `INDIVIDUAL`. "
        "For other businesses, Stripe's form asks for the persons.",
    )


def read(given: DetailsInput) -> Details:
    """The details of an input."""
    return Details(
        contact_phone=given.contact_phone,
        merchant_category_code=given.merchant_category_code,
        doing_business_as=given.doing_business_as,
        statement_descriptor=given.statement_descriptor,
        statement_descriptor_prefix=given.statement_descriptor_prefix,
        currency=given.currency,
        locales=tuple(given.locales or ()),
        support=_support(given.support),
        business=_business(given.business),
        individual=_individual(given.individual),
    )


def _support(given: SupportContactInput | None) -> details.SupportContact | None:
    if given is None:
        return None
    return details.SupportContact(
        email=given.email, phone=given.phone, url=given.url, address=address(given.address)
    )


def _business(given: BusinessInput | None) -> details.Business | None:
    if given is None:
        return None
    return details.Business(
        registered_name=given.registered_name,
        structure=given.structure,
        phone=given.phone,
        address=address(given.address),
    )


def _individual(given: IndividualInput | None) -> details.Individual | None:
    if given is None:
        return None
    return details.Individual(
        given_name=given.given_name,
        surname=given.surname,
        email=given.email,
        phone=given.phone,
        date_of_birth=given.date_of_birth,
        address=address(given.address),
    )


def address(given: AddressInput | None) -> details.Address | None:
    if given is None:
        return None
    return details.Address(
        country=given.country,
        line1=given.line1,
        line2=given.line2,
        city=given.city,
        town=given.town,
        state=given.state,
        postal_code=given.postal_code,
    )
