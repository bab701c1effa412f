# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields, MoneyFields, PaymentFields
from .unknown_result import UnknownResult


class CapturePayment(BaseModel):
    capture_payment: Union[
        "CapturePaymentCapturePaymentPayload",
        "CapturePaymentPaymentNotFoundError",
        "CapturePaymentInvalidInputError",
        "CapturePaymentFeeTooLargeError",
        "CapturePaymentPaymentNotChangeableError",
        "CapturePaymentStripeRefusedError",
        "CapturePaymentStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="capturePayment", union_mode="left_to_right")


class CapturePaymentCapturePaymentPayload(BaseModel):
    typename__: Literal["CapturePaymentPayload"] = Field(alias="__typename")
    payment: "CapturePaymentCapturePaymentPayloadPayment"


CapturePaymentCapturePaymentPayloadPayment = PaymentFields


class CapturePaymentPaymentNotFoundError(BaseModel):
    typename__: Literal["PaymentNotFoundError"] = Field(alias="__typename")
    message: str


class CapturePaymentInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["CapturePaymentInvalidInputErrorFields"]


CapturePaymentInvalidInputErrorFields = InvalidFieldFields


class CapturePaymentFeeTooLargeError(BaseModel):
    typename__: Literal["FeeTooLargeError"] = Field(alias="__typename")
    message: str
    maximum: "CapturePaymentFeeTooLargeErrorMaximum"
    fields: list["CapturePaymentFeeTooLargeErrorFields"]


CapturePaymentFeeTooLargeErrorMaximum = MoneyFields
CapturePaymentFeeTooLargeErrorFields = InvalidFieldFields


class CapturePaymentPaymentNotChangeableError(BaseModel):
    typename__: Literal["PaymentNotChangeableError"] = Field(alias="__typename")
    payment: "CapturePaymentPaymentNotChangeableErrorPayment"
    message: str


CapturePaymentPaymentNotChangeableErrorPayment = PaymentFields


class CapturePaymentStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CapturePaymentStripeRefusedErrorFields"]


CapturePaymentStripeRefusedErrorFields = InvalidFieldFields


class CapturePaymentStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CapturePayment.model_rebuild()
CapturePaymentCapturePaymentPayload.model_rebuild()
CapturePaymentInvalidInputError.model_rebuild()
CapturePaymentFeeTooLargeError.model_rebuild()
CapturePaymentPaymentNotChangeableError.model_rebuild()
CapturePaymentStripeRefusedError.model_rebuild()
