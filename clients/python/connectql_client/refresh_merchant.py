# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields, MerchantFields
from .unknown_result import UnknownResult


class RefreshMerchant(BaseModel):
    refresh_merchant: Union[
        "RefreshMerchantRefreshMerchantPayload",
        "RefreshMerchantMerchantNotFoundError",
        "RefreshMerchantMerchantNotReadyError",
        "RefreshMerchantStripeRefusedError",
        "RefreshMerchantStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="refreshMerchant", union_mode="left_to_right")


class RefreshMerchantRefreshMerchantPayload(BaseModel):
    typename__: Literal["RefreshMerchantPayload"] = Field(alias="__typename")
    merchant: "RefreshMerchantRefreshMerchantPayloadMerchant"


RefreshMerchantRefreshMerchantPayloadMerchant = MerchantFields


class RefreshMerchantMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class RefreshMerchantMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class RefreshMerchantStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["RefreshMerchantStripeRefusedErrorFields"]


RefreshMerchantStripeRefusedErrorFields = InvalidFieldFields


class RefreshMerchantStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


RefreshMerchant.model_rebuild()
RefreshMerchantRefreshMerchantPayload.model_rebuild()
RefreshMerchantStripeRefusedError.model_rebuild()
