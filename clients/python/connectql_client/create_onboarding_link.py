# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields
from .unknown_result import UnknownResult


class CreateOnboardingLink(BaseModel):
    create_onboarding_link: Union[
        "CreateOnboardingLinkCreateOnboardingLinkPayload",
        "CreateOnboardingLinkMerchantNotFoundError",
        "CreateOnboardingLinkReturnUrlNotAllowedError",
        "CreateOnboardingLinkMerchantNotReadyError",
        "CreateOnboardingLinkStripeRefusedError",
        "CreateOnboardingLinkStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createOnboardingLink", union_mode="left_to_right")


class CreateOnboardingLinkCreateOnboardingLinkPayload(BaseModel):
    typename__: Literal["CreateOnboardingLinkPayload"] = Field(alias="__typename")
    url: str
    expires_at: datetime = Field(alias="expiresAt")


class CreateOnboardingLinkMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CreateOnboardingLinkReturnUrlNotAllowedError(BaseModel):
    typename__: Literal["ReturnUrlNotAllowedError"] = Field(alias="__typename")
    message: str
    fields: list["CreateOnboardingLinkReturnUrlNotAllowedErrorFields"]


CreateOnboardingLinkReturnUrlNotAllowedErrorFields = InvalidFieldFields


class CreateOnboardingLinkMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CreateOnboardingLinkStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CreateOnboardingLinkStripeRefusedErrorFields"]


CreateOnboardingLinkStripeRefusedErrorFields = InvalidFieldFields


class CreateOnboardingLinkStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CreateOnboardingLink.model_rebuild()
CreateOnboardingLinkReturnUrlNotAllowedError.model_rebuild()
CreateOnboardingLinkStripeRefusedError.model_rebuild()
