"""The type MerchantSettings: the values of createMerchant and updateMerchant that clients can read."""

import strawberry
from strawberry import field

from resolvers.common.scalars import CountryCode, CurrencyCode
from resolvers.merchants.types.entity_type import EntityType


@strawberry.type(description="A postal address.")
class Address:
    country: CountryCode | None = field(description="The country.")
    line1: str | None = field(description="The street and the number.")
    line2: str | None = field(description="The apartment, floor or company.")
    city: str | None = field(description="The city.")
    town: str | None = field(description="The district of the city. Only addresses in Japan have it.")
    state: str | None = field(description="The state, province or county.")
    postal_code: str | None = field(description="The postal code.")


@strawberry.type(description="The contact that the merchant's customers see, such as on receipts.")
class SupportContact:
    email: str | None = field(description="The e-mail address.")
    phone: str | None = field(description="The phone number.")
    url: str | None = field(description="The address of a public page about support, as stored at Stripe.")
    address: Address | None = field(description="The postal address.")


@strawberry.type(
    description="The settings of the account at Stripe, whether the platform or the merchant has set them. "
    "Details of the legal business and of persons cannot be read through this API."
)
class MerchantSettings:
    entity_type: EntityType | None = field(description="The legal form. Null until it is known.")
    contact_phone: str | None = field(
        description="The phone number at which Stripe reaches the merchant. Null for an account that was "
        "last fetched before the release that added this field."
    )
    merchant_category_code: str | None = field(
        description="The kind of business as a merchant category code: four digits, such as `5734`."
    )
    doing_business_as: str | None = field(description="The name under which customers know the business.")
    business_url: str | None = field(description="The address of the website, as stored at Stripe.")
    product_description: str | None = field(description="A description of the products or services.")
    statement_descriptor: str | None = field(description="The text on the bank statements of customers.")
    statement_descriptor_prefix: str | None = field(
        description="The prefix on bank statements for payments that have their own statement descriptor "
        "suffix."
    )
    currency: CurrencyCode | None = field(description="The currency of the account's balance.")
    locales: list[str] = field(description="The languages of the merchant, the preferred one first.")
    support: SupportContact = field(description="The contact that the merchant's customers see.")
    requested_capabilities: list[str] = field(
        description="The requested payment capabilities, with the names that Stripe uses. `capabilities` of "
        "the merchant has their status."
    )
