# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import datetime
from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields, MoneyFields, PaymentFields
from .unknown_result import UnknownResult


class CreateCheckout(BaseModel):
    create_checkout: Union[
        "CreateCheckoutCreateCheckoutPayload",
        "CreateCheckoutMerchantNotFoundError",
        "CreateCheckoutExternalIdTakenError",
        "CreateCheckoutInvalidInputError",
        "CreateCheckoutMerchantNotReadyError",
        "CreateCheckoutAmountTooSmallError",
        "CreateCheckoutCurrencyNotSupportedError",
        "CreateCheckoutFeeTooLargeError",
        "CreateCheckoutPaymentNotPayableError",
        "CreateCheckoutStripeRefusedError",
        "CreateCheckoutStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createCheckout", union_mode="left_to_right")


class CreateCheckoutCreateCheckoutPayload(BaseModel):
    typename__: Literal["CreateCheckoutPayload"] = Field(alias="__typename")
    created: bool
    url: str
    expires_at: datetime = Field(alias="expiresAt")
    payment: "CreateCheckoutCreateCheckoutPayloadPayment"


CreateCheckoutCreateCheckoutPayloadPayment = PaymentFields


class CreateCheckoutMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CreateCheckoutExternalIdTakenError(BaseModel):
    typename__: Literal["ExternalIdTakenError"] = Field(alias="__typename")
    message: str
    external_id: str = Field(alias="externalId")


class CreateCheckoutInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreateCheckoutInvalidInputErrorFields"]


CreateCheckoutInvalidInputErrorFields = InvalidFieldFields


class CreateCheckoutMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CreateCheckoutAmountTooSmallError(BaseModel):
    typename__: Literal["AmountTooSmallError"] = Field(alias="__typename")
    message: str
    minimum: "CreateCheckoutAmountTooSmallErrorMinimum"
    fields: list["CreateCheckoutAmountTooSmallErrorFields"]


CreateCheckoutAmountTooSmallErrorMinimum = MoneyFields
CreateCheckoutAmountTooSmallErrorFields = InvalidFieldFields


class CreateCheckoutCurrencyNotSupportedError(BaseModel):
    typename__: Literal["CurrencyNotSupportedError"] = Field(alias="__typename")
    message: str
    currency: str
    supported: list[str]
    fields: list["CreateCheckoutCurrencyNotSupportedErrorFields"]


CreateCheckoutCurrencyNotSupportedErrorFields = InvalidFieldFields


class CreateCheckoutFeeTooLargeError(BaseModel):
    typename__: Literal["FeeTooLargeError"] = Field(alias="__typename")
    message: str
    maximum: "CreateCheckoutFeeTooLargeErrorMaximum"
    fields: list["CreateCheckoutFeeTooLargeErrorFields"]


CreateCheckoutFeeTooLargeErrorMaximum = MoneyFields
CreateCheckoutFeeTooLargeErrorFields = InvalidFieldFields


class CreateCheckoutPaymentNotPayableError(BaseModel):
    typename__: Literal["PaymentNotPayableError"] = Field(alias="__typename")
    message: str


class CreateCheckoutStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CreateCheckoutStripeRefusedErrorFields"]


CreateCheckoutStripeRefusedErrorFields = InvalidFieldFields


class CreateCheckoutStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CreateCheckout.model_rebuild()
CreateCheckoutCreateCheckoutPayload.model_rebuild()
CreateCheckoutInvalidInputError.model_rebuild()
CreateCheckoutAmountTooSmallError.model_rebuild()
CreateCheckoutCurrencyNotSupportedError.model_rebuild()
CreateCheckoutFeeTooLargeError.model_rebuild()
CreateCheckoutStripeRefusedError.model_rebuild()
