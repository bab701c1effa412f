# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import (
    InvalidFieldFields,
    MoneyFields,
    PayoutFields,
    PayoutObstacleFields,
)
from .unknown_result import UnknownResult


class CreatePayout(BaseModel):
    create_payout: Union[
        "CreatePayoutCreatePayoutPayload",
        "CreatePayoutMerchantNotFoundError",
        "CreatePayoutExternalIdTakenError",
        "CreatePayoutInvalidInputError",
        "CreatePayoutMerchantNotReadyError",
        "CreatePayoutPayoutsBlockedError",
        "CreatePayoutPayoutTooLargeError",
        "CreatePayoutBankAccountMissingError",
        "CreatePayoutStripeRefusedError",
        "CreatePayoutStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createPayout", union_mode="left_to_right")


class CreatePayoutCreatePayoutPayload(BaseModel):
    typename__: Literal["CreatePayoutPayload"] = Field(alias="__typename")
    created: bool
    payout: "CreatePayoutCreatePayoutPayloadPayout"


CreatePayoutCreatePayoutPayloadPayout = PayoutFields


class CreatePayoutMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CreatePayoutExternalIdTakenError(BaseModel):
    typename__: Literal["ExternalIdTakenError"] = Field(alias="__typename")
    message: str
    external_id: str = Field(alias="externalId")


class CreatePayoutInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreatePayoutInvalidInputErrorFields"]


CreatePayoutInvalidInputErrorFields = InvalidFieldFields


class CreatePayoutMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CreatePayoutPayoutsBlockedError(BaseModel):
    typename__: Literal["PayoutsBlockedError"] = Field(alias="__typename")
    message: str
    obstacles: list["CreatePayoutPayoutsBlockedErrorObstacles"]


CreatePayoutPayoutsBlockedErrorObstacles = PayoutObstacleFields


class CreatePayoutPayoutTooLargeError(BaseModel):
    typename__: Literal["PayoutTooLargeError"] = Field(alias="__typename")
    message: str
    available: "CreatePayoutPayoutTooLargeErrorAvailable"
    fields: list["CreatePayoutPayoutTooLargeErrorFields"]


CreatePayoutPayoutTooLargeErrorAvailable = MoneyFields
CreatePayoutPayoutTooLargeErrorFields = InvalidFieldFields


class CreatePayoutBankAccountMissingError(BaseModel):
    typename__: Literal["BankAccountMissingError"] = Field(alias="__typename")
    message: str
    currency: str
    fields: list["CreatePayoutBankAccountMissingErrorFields"]


CreatePayoutBankAccountMissingErrorFields = InvalidFieldFields


class CreatePayoutStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CreatePayoutStripeRefusedErrorFields"]


CreatePayoutStripeRefusedErrorFields = InvalidFieldFields


class CreatePayoutStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CreatePayout.model_rebuild()
CreatePayoutCreatePayoutPayload.model_rebuild()
CreatePayoutInvalidInputError.model_rebuild()
CreatePayoutPayoutsBlockedError.model_rebuild()
CreatePayoutPayoutTooLargeError.model_rebuild()
CreatePayoutBankAccountMissingError.model_rebuild()
CreatePayoutStripeRefusedError.model_rebuild()
