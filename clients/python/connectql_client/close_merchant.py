# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields, MerchantFields
from .unknown_result import UnknownResult


class CloseMerchant(BaseModel):
    close_merchant: Union[
        "CloseMerchantCloseMerchantPayload",
        "CloseMerchantMerchantNotFoundError",
        "CloseMerchantMerchantNotReadyError",
        "CloseMerchantStripeRefusedError",
        "CloseMerchantStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="closeMerchant", union_mode="left_to_right")


class CloseMerchantCloseMerchantPayload(BaseModel):
    typename__: Literal["CloseMerchantPayload"] = Field(alias="__typename")
    merchant: "CloseMerchantCloseMerchantPayloadMerchant"


CloseMerchantCloseMerchantPayloadMerchant = MerchantFields


class CloseMerchantMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CloseMerchantMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CloseMerchantStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CloseMerchantStripeRefusedErrorFields"]


CloseMerchantStripeRefusedErrorFields = InvalidFieldFields


class CloseMerchantStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CloseMerchant.model_rebuild()
CloseMerchantCloseMerchantPayload.model_rebuild()
CloseMerchantStripeRefusedError.model_rebuild()
