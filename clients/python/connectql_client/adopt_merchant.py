# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import FindingFields, InvalidFieldFields, MerchantFields
from .unknown_result import UnknownResult


class AdoptMerchant(BaseModel):
    adopt_merchant: Union[
        "AdoptMerchantAdoptMerchantPayload",
        "AdoptMerchantAccountNotAdoptableError",
        "AdoptMerchantAccountNotFetchedError",
        "AdoptMerchantExternalIdTakenError",
        "AdoptMerchantInvalidInputError",
        "AdoptMerchantStripeRefusedError",
        "UnknownResult",
    ] = Field(alias="adoptMerchant", union_mode="left_to_right")


class AdoptMerchantAdoptMerchantPayload(BaseModel):
    typename__: Literal["AdoptMerchantPayload"] = Field(alias="__typename")
    created: bool
    is_adoptable: bool = Field(alias="isAdoptable")
    findings: list["AdoptMerchantAdoptMerchantPayloadFindings"]
    merchant: Optional["AdoptMerchantAdoptMerchantPayloadMerchant"]


AdoptMerchantAdoptMerchantPayloadFindings = FindingFields
AdoptMerchantAdoptMerchantPayloadMerchant = MerchantFields


class AdoptMerchantAccountNotAdoptableError(BaseModel):
    typename__: Literal["AccountNotAdoptableError"] = Field(alias="__typename")
    findings: list["AdoptMerchantAccountNotAdoptableErrorFindings"]
    message: str


AdoptMerchantAccountNotAdoptableErrorFindings = FindingFields


class AdoptMerchantAccountNotFetchedError(BaseModel):
    typename__: Literal["AccountNotFetchedError"] = Field(alias="__typename")
    message: str


class AdoptMerchantExternalIdTakenError(BaseModel):
    typename__: Literal["ExternalIdTakenError"] = Field(alias="__typename")
    message: str
    external_id: str = Field(alias="externalId")


class AdoptMerchantInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["AdoptMerchantInvalidInputErrorFields"]


AdoptMerchantInvalidInputErrorFields = InvalidFieldFields


class AdoptMerchantStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["AdoptMerchantStripeRefusedErrorFields"]


AdoptMerchantStripeRefusedErrorFields = InvalidFieldFields
AdoptMerchant.model_rebuild()
AdoptMerchantAdoptMerchantPayload.model_rebuild()
AdoptMerchantAccountNotAdoptableError.model_rebuild()
AdoptMerchantInvalidInputError.model_rebuild()
AdoptMerchantStripeRefusedError.model_rebuild()
