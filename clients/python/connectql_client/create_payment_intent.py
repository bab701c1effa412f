# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields, MoneyFields, PaymentFields
from .unknown_result import UnknownResult


class CreatePaymentIntent(BaseModel):
    create_payment_intent: Union[
        "CreatePaymentIntentCreatePaymentIntentPayload",
        "CreatePaymentIntentMerchantNotFoundError",
        "CreatePaymentIntentExternalIdTakenError",
        "CreatePaymentIntentInvalidInputError",
        "CreatePaymentIntentMerchantNotReadyError",
        "CreatePaymentIntentAmountTooSmallError",
        "CreatePaymentIntentCurrencyNotSupportedError",
        "CreatePaymentIntentFeeTooLargeError",
        "CreatePaymentIntentPaymentNotPayableError",
        "CreatePaymentIntentStripeRefusedError",
        "CreatePaymentIntentStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="createPaymentIntent", union_mode="left_to_right")


class CreatePaymentIntentCreatePaymentIntentPayload(BaseModel):
    typename__: Literal["CreatePaymentIntentPayload"] = Field(alias="__typename")
    created: bool
    client_secret: str = Field(alias="clientSecret")
    publishable_key: Optional[str] = Field(alias="publishableKey")
    stripe_account_id: str = Field(alias="stripeAccountId")
    payment: "CreatePaymentIntentCreatePaymentIntentPayloadPayment"


CreatePaymentIntentCreatePaymentIntentPayloadPayment = PaymentFields


class CreatePaymentIntentMerchantNotFoundError(BaseModel):
    typename__: Literal["MerchantNotFoundError"] = Field(alias="__typename")
    message: str


class CreatePaymentIntentExternalIdTakenError(BaseModel):
    typename__: Literal["ExternalIdTakenError"] = Field(alias="__typename")
    message: str
    external_id: str = Field(alias="externalId")


class CreatePaymentIntentInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CreatePaymentIntentInvalidInputErrorFields"]


CreatePaymentIntentInvalidInputErrorFields = InvalidFieldFields


class CreatePaymentIntentMerchantNotReadyError(BaseModel):
    typename__: Literal["MerchantNotReadyError"] = Field(alias="__typename")
    message: str


class CreatePaymentIntentAmountTooSmallError(BaseModel):
    typename__: Literal["AmountTooSmallError"] = Field(alias="__typename")
    message: str
    minimum: "CreatePaymentIntentAmountTooSmallErrorMinimum"
    fields: list["CreatePaymentIntentAmountTooSmallErrorFields"]


CreatePaymentIntentAmountTooSmallErrorMinimum = MoneyFields
CreatePaymentIntentAmountTooSmallErrorFields = InvalidFieldFields


class CreatePaymentIntentCurrencyNotSupportedError(BaseModel):
    typename__: Literal["CurrencyNotSupportedError"] = Field(alias="__typename")
    message: str
    currency: str
    supported: list[str]
    fields: list["CreatePaymentIntentCurrencyNotSupportedErrorFields"]


CreatePaymentIntentCurrencyNotSupportedErrorFields = InvalidFieldFields


class CreatePaymentIntentFeeTooLargeError(BaseModel):
    typename__: Literal["FeeTooLargeError"] = Field(alias="__typename")
    message: str
    maximum: "CreatePaymentIntentFeeTooLargeErrorMaximum"
    fields: list["CreatePaymentIntentFeeTooLargeErrorFields"]


CreatePaymentIntentFeeTooLargeErrorMaximum = MoneyFields
CreatePaymentIntentFeeTooLargeErrorFields = InvalidFieldFields


class CreatePaymentIntentPaymentNotPayableError(BaseModel):
    typename__: Literal["PaymentNotPayableError"] = Field(alias="__typename")
    message: str


class CreatePaymentIntentStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CreatePaymentIntentStripeRefusedErrorFields"]


CreatePaymentIntentStripeRefusedErrorFields = InvalidFieldFields


class CreatePaymentIntentStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CreatePaymentIntent.model_rebuild()
CreatePaymentIntentCreatePaymentIntentPayload.model_rebuild()
CreatePaymentIntentInvalidInputError.model_rebuild()
CreatePaymentIntentAmountTooSmallError.model_rebuild()
CreatePaymentIntentCurrencyNotSupportedError.model_rebuild()
CreatePaymentIntentFeeTooLargeError.model_rebuild()
CreatePaymentIntentStripeRefusedError.model_rebuild()
