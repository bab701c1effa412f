# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields
from .unknown_result import UnknownResult


class CreateDashboardLink(BaseModel):
    create_dashboard_link: Union[
        "CreateDashboardLinkCreateDashboardLinkPayload",
        "CreateDashboardLinkMerchantNotFoundError",
        "CreateDashboardLinkReturnUrlNotAllowedError",
        "CreateDashboardLinkMerchantNotReadyError",
        "CreateDashboardLinkDashboardLinkRefusedError",
        "CreateDashboardLinkStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createDashboardLink", union_mode="left_to_right")


class CreateDashboardLinkCreateDashboardLinkPayload(BaseModel):
    typename__: Literal["CreateDashboardLinkPayload"] = Field(alias="__typename")
    url: str
    expires_at: datetime = Field(alias="expiresAt")


class CreateDashboardLinkMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CreateDashboardLinkReturnUrlNotAllowedError(BaseModel):
    typename__: Literal["ReturnUrlNotAllowedError"] = Field(alias="__typename")
    message: str
    fields: list["CreateDashboardLinkReturnUrlNotAllowedErrorFields"]


CreateDashboardLinkReturnUrlNotAllowedErrorFields = InvalidFieldFields


class CreateDashboardLinkMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CreateDashboardLinkDashboardLinkRefusedError(BaseModel):
    typename__: Literal["DashboardLinkRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    login_url: str = Field(alias="loginUrl")
    request_id: Optional[str] = Field(alias="requestId")


class CreateDashboardLinkStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CreateDashboardLink.model_rebuild()
CreateDashboardLinkReturnUrlNotAllowedError.model_rebuild()
