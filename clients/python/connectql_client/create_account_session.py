# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import EmbeddedComponent, EmbeddedFeature
from .fragments import InvalidFieldFields
from .unknown_result import UnknownResult


class CreateAccountSession(BaseModel):
    create_account_session: Union[
        "CreateAccountSessionCreateAccountSessionPayload",
        "CreateAccountSessionMerchantNotFoundError",
        "CreateAccountSessionInvalidInputError",
        "CreateAccountSessionComponentNotAllowedError",
        "CreateAccountSessionMerchantNotReadyError",
        "CreateAccountSessionStripeRefusedError",
        "CreateAccountSessionStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createAccountSession", union_mode="left_to_right")


class CreateAccountSessionCreateAccountSessionPayload(BaseModel):
    typename__: Literal["CreateAccountSessionPayload"] = Field(alias="__typename")
    client_secret: str = Field(alias="clientSecret")
    publishable_key: Optional[str] = Field(alias="publishableKey")
    stripe_account_id: str = Field(alias="stripeAccountId")
    expires_at: datetime = Field(alias="expiresAt")
    components: list["CreateAccountSessionCreateAccountSessionPayloadComponents"]


class CreateAccountSessionCreateAccountSessionPayloadComponents(BaseModel):
    component: EmbeddedComponent
    features: list[EmbeddedFeature]


class CreateAccountSessionMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CreateAccountSessionInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreateAccountSessionInvalidInputErrorFields"]


CreateAccountSessionInvalidInputErrorFields = InvalidFieldFields


class CreateAccountSessionComponentNotAllowedError(BaseModel):
    typename__: Literal["ComponentNotAllowedError"] = Field(alias="__typename")
    message: str
    component: EmbeddedComponent
    allowed: list[EmbeddedComponent]
    fields: list["CreateAccountSessionComponentNotAllowedErrorFields"]


CreateAccountSessionComponentNotAllowedErrorFields = InvalidFieldFields


class CreateAccountSessionMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CreateAccountSessionStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CreateAccountSessionStripeRefusedErrorFields"]


CreateAccountSessionStripeRefusedErrorFields = InvalidFieldFields


class CreateAccountSessionStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CreateAccountSession.model_rebuild()
CreateAccountSessionCreateAccountSessionPayload.model_rebuild()
CreateAccountSessionInvalidInputError.model_rebuild()
CreateAccountSessionComponentNotAllowedError.model_rebuild()
CreateAccountSessionStripeRefusedError.model_rebuild()
