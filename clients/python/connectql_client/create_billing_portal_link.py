# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields
from .unknown_result import UnknownResult


class CreateBillingPortalLink(BaseModel):
    create_billing_portal_link: Union[
        "CreateBillingPortalLinkCreateBillingPortalLinkPayload",
        "CreateBillingPortalLinkMerchantNotFoundError",
        "CreateBillingPortalLinkInvalidInputError",
        "CreateBillingPortalLinkMerchantNotReadyError",
        "CreateBillingPortalLinkStripeRefusedError",
        "CreateBillingPortalLinkStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createBillingPortalLink", union_mode="left_to_right")


class CreateBillingPortalLinkCreateBillingPortalLinkPayload(BaseModel):
    typename__: Literal["CreateBillingPortalLinkPayload"] = Field(alias="__typename")
    url: str


class CreateBillingPortalLinkMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CreateBillingPortalLinkInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreateBillingPortalLinkInvalidInputErrorFields"]


CreateBillingPortalLinkInvalidInputErrorFields = InvalidFieldFields


class CreateBillingPortalLinkMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CreateBillingPortalLinkStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CreateBillingPortalLinkStripeRefusedErrorFields"]


CreateBillingPortalLinkStripeRefusedErrorFields = InvalidFieldFields


class CreateBillingPortalLinkStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CreateBillingPortalLink.model_rebuild()
CreateBillingPortalLinkInvalidInputError.model_rebuild()
CreateBillingPortalLinkStripeRefusedError.model_rebuild()
