# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields
from .unknown_result import UnknownResult


class StartService(BaseModel):
    start_service: Union[
        "StartServiceStartServicePayload",
        "StartServiceMerchantNotFoundError",
        "StartServiceInvalidInputError",
        "StartServiceMerchantNotReadyError",
        "StartServiceServiceRunningError",
        "StartServiceStripeRefusedError",
        "StartServiceStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="startService", union_mode="left_to_right")


class StartServiceStartServicePayload(BaseModel):
    typename__: Literal["StartServicePayload"] = Field(alias="__typename")
    created: bool
    url: str
    expires_at: datetime = Field(alias="expiresAt")


class StartServiceMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class StartServiceInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["StartServiceInvalidInputErrorFields"]


StartServiceInvalidInputErrorFields = InvalidFieldFields


class StartServiceMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class StartServiceServiceRunningError(BaseModel):
    typename__: Literal["ServiceRunningError"] = Field(alias="__typename")
    message: str


class StartServiceStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["StartServiceStripeRefusedErrorFields"]


StartServiceStripeRefusedErrorFields = InvalidFieldFields


class StartServiceStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


StartService.model_rebuild()
StartServiceInvalidInputError.model_rebuild()
StartServiceStripeRefusedError.model_rebuild()
