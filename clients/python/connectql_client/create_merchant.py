# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import MerchantStatus
from .fragments import InvalidFieldFields, MerchantFields
from .unknown_result import UnknownResult


class CreateMerchant(BaseModel):
    create_merchant: Union[
        "CreateMerchantCreateMerchantPayload",
        "CreateMerchantExternalIdTakenError",
        "CreateMerchantInvalidInputError",
        "CreateMerchantCountryNotSupportedError",
        "CreateMerchantStripeRefusedError",
        "CreateMerchantStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createMerchant", union_mode="left_to_right")


class CreateMerchantCreateMerchantPayload(BaseModel):
    typename__: Literal["CreateMerchantPayload"] = Field(alias="__typename")
    created: bool
    merchant: "CreateMerchantCreateMerchantPayloadMerchant"


CreateMerchantCreateMerchantPayloadMerchant = MerchantFields


class CreateMerchantExternalIdTakenError(BaseModel):
    typename__: Literal["ExternalIdTakenError"] = Field(alias="__typename")
    message: str
    external_id: str = Field(alias="externalId")


class CreateMerchantInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreateMerchantInvalidInputErrorFields"]


CreateMerchantInvalidInputErrorFields = InvalidFieldFields


class CreateMerchantCountryNotSupportedError(BaseModel):
    typename__: Literal["CountryNotSupportedError"] = Field(alias="__typename")
    message: str
    country: str
    fields: list["CreateMerchantCountryNotSupportedErrorFields"]


CreateMerchantCountryNotSupportedErrorFields = InvalidFieldFields


class CreateMerchantStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CreateMerchantStripeRefusedErrorFields"]


CreateMerchantStripeRefusedErrorFields = InvalidFieldFields


class CreateMerchantStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    merchant: "CreateMerchantStripeUnavailableErrorMerchant"
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


class CreateMerchantStripeUnavailableErrorMerchant(BaseModel):
    id: str
    external_id: str = Field(alias="externalId")
    status: MerchantStatus


CreateMerchant.model_rebuild()
CreateMerchantCreateMerchantPayload.model_rebuild()
CreateMerchantInvalidInputError.model_rebuild()
CreateMerchantCountryNotSupportedError.model_rebuild()
CreateMerchantStripeRefusedError.model_rebuild()
CreateMerchantStripeUnavailableError.model_rebuild()
