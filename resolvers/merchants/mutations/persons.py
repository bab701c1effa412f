"""The mutation addPerson."""

import enum
from typing import Annotated

import strawberry
from strawberry import argument, field

from connect.merchants import accounts
from connect.merchants.inputs import NewPerson
from connect.merchants.rules.document import Document
from connect.scope import Role
from resolvers.common.errors import InvalidInputError, mutation
from resolvers.common.scalars import Date, value
from resolvers.common.viewer import require
from resolvers.execution.context import Info
from resolvers.merchants.mutations import details
from resolvers.merchants.mutations.details import AddressInput
from resolvers.merchants.mutations.errors import STRIPE_ERRORS, MerchantNotFoundError, MerchantNotReadyError
from resolvers.merchants.reading import merchant_lookup
from resolvers.merchants.reading.merchant_lookup import MerchantRef
from resolvers.merchants.types.merchant import Merchant


@strawberry.enum(description="A role of a person in a business.")
class BusinessRole(enum.Enum):
    REPRESENTATIVE = value("REPRESENTATIVE", "The person who opens the account for the business.")
    OWNER = value("OWNER", "A person who owns a part of the business.")
    DIRECTOR = value("DIRECTOR", "A member of the governing board.")
    EXECUTIVE = value("EXECUTIVE", "A person with significant responsibility for the management.")


@strawberry.input(
    description="A person who belongs to a company or to another organization, for example as an owner."
)
class PersonInput:
    given_name: str = field(description="The given name: 1 to 255 characters.")
    surname: str = field(description="The family name: 1 to 255 characters.")
    roles: list[BusinessRole] | None = field(default=None, description="The roles of the person.")
    email: str | None = field(default=None, description="The e-mail address: at most 254 characters.")
    phone: str | None = field(
        default=None, description="The phone number with the country code, 6 to 15 digits: `+49 30 1234567`."
    )
    date_of_birth: Date | None = field(default=None, description="The date of birth, from 1900 until today.")
    address: AddressInput | None = field(default=None, description="The home address.")
    title: str | None = field(default=None, description="The job title: 1 to 255 characters.")
    percent_ownership: str | None = field(
        default=None,
        description="The share of the business in percent, as a decimal number above 0 and up to 100: "
        "`33.5`.",
    )


@strawberry.input(description="The merchant and the person to add.")
class AddPersonInput:
    merchant: MerchantRef = field(
        description="The merchant. Its entity type must be known, and must not be `INDIVIDUAL`."
    )
    person: PersonInput = field(description="The person.")


@strawberry.type(description="Stripe has stored the person.")
class AddPersonPayload:
    merchant: Document = field(description="The merchant after the change.", graphql_type=Merchant)


@mutation(
    "Add an owner, director, executive or the representative of a business to its Stripe account, so that "
    "Stripe's form does not ask for this person. ConnectQL stores only the name, and only while a "
    "requirement concerns the person. A repeated call with the same input does not add the person again. "
    "For 30 days, Stripe answers it with the first answer, so even a person who has been removed from the "
    "account since then is not added again, unless the platform has changed its Stripe API key. Stripe "
    "refuses a person whom the platform may not add, for example after onboarding. For operators and "
    "services.",
    *(AddPersonPayload, MerchantNotFoundError, InvalidInputError, MerchantNotReadyError),
    *STRIPE_ERRORS,
)
async def add_person(
    info: Info,
    input: Annotated[AddPersonInput, argument(description="The merchant and the person.")],  # noqa: A002
) -> AddPersonPayload:
    require(info.context, Role.OPERATOR, Role.SERVICE)
    principal, given = info.context.principal, input.person
    person = NewPerson(
        given_name=given.given_name,
        surname=given.surname,
        roles=tuple(sorted({role.name.lower() for role in given.roles or ()})),
        email=given.email,
        phone=given.phone,
        date_of_birth=given.date_of_birth,
        address=details.address(given.address),
        title=given.title,
        percent_ownership=given.percent_ownership,
    )
    merchant = await merchant_lookup.merchant(principal, input.merchant)
    async with accounts.about(merchant):
        merchant = await accounts.add_person(
            info.context.caller_gateway, merchant, person, actor=principal.subject
        )
    return AddPersonPayload(merchant=merchant_lookup.of(principal, merchant))
