"""The enum EntityType, which inputs and settings share."""

import enum

import strawberry

from resolvers.common.scalars import value


@strawberry.enum(description="The legal form of a business.")
class EntityType(enum.Enum):
    INDIVIDUAL = value("INDIVIDUAL", "An individual.")
    COMPANY = value("COMPANY", "A company.")
    NON_PROFIT = value("NON_PROFIT", "A non-profit organization.")
    GOVERNMENT_ENTITY = value("GOVERNMENT_ENTITY", "A government body.")
