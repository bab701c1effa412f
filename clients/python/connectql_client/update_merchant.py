# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    InvalidFieldFields,
    MerchantFields,
    MerchantFieldsAccount,
    MerchantFieldsCapabilities,
    MerchantFieldsDashboard,
    MerchantFieldsFreshness,
    MerchantFieldsFutureRequirements,
    MerchantFieldsOnboarding,
    MerchantFieldsRequirements,
    MerchantFieldsSummaryMessages,
    MerchantListFieldsNextAction,
    MerchantListFieldsRequirements,
    MerchantSettingsFields,
)
from .unknown_result import UnknownResult


class UpdateMerchant(BaseModel):
    update_merchant: Union[
        "UpdateMerchantUpdateMerchantPayload",
        "UpdateMerchantMerchantNotFoundError",
        "UpdateMerchantInvalidInputError",
        "UpdateMerchantMerchantNotReadyError",
        "UpdateMerchantStripeRefusedError",
        "UpdateMerchantStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="updateMerchant", union_mode="left_to_right")


class UpdateMerchantUpdateMerchantPayload(BaseModel):
    typename__: Literal["UpdateMerchantPayload"] = Field(alias="__typename")
    merchant: "UpdateMerchantUpdateMerchantPayloadMerchant"


class UpdateMerchantUpdateMerchantPayloadMerchant(MerchantFields):
    settings: Optional["UpdateMerchantUpdateMerchantPayloadMerchantSettings"]


UpdateMerchantUpdateMerchantPayloadMerchantSettings = MerchantSettingsFields


class UpdateMerchantMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class UpdateMerchantInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["UpdateMerchantInvalidInputErrorFields"]


UpdateMerchantInvalidInputErrorFields = InvalidFieldFields


class UpdateMerchantMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class UpdateMerchantStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["UpdateMerchantStripeRefusedErrorFields"]


UpdateMerchantStripeRefusedErrorFields = InvalidFieldFields


class UpdateMerchantStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


UpdateMerchant.model_rebuild()
UpdateMerchantUpdateMerchantPayload.model_rebuild()
UpdateMerchantUpdateMerchantPayloadMerchant.model_rebuild()
UpdateMerchantInvalidInputError.model_rebuild()
UpdateMerchantStripeRefusedError.model_rebuild()
