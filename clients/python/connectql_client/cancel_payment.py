# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import InvalidFieldFields, PaymentFields
from .unknown_result import UnknownResult


class CancelPayment(BaseModel):
    cancel_payment: Union[
        "CancelPaymentCancelPaymentPayload",
        "CancelPaymentPaymentNotFoundError",
        "CancelPaymentPaymentNotChangeableError",
        "CancelPaymentStripeRefusedError",
        "CancelPaymentStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="cancelPayment", union_mode="left_to_right")


class CancelPaymentCancelPaymentPayload(BaseModel):
    typename__: Literal["CancelPaymentPayload"] = Field(alias="__typename")
    payment: "CancelPaymentCancelPaymentPayloadPayment"


CancelPaymentCancelPaymentPayloadPayment = PaymentFields


class CancelPaymentPaymentNotFoundError(BaseModel):
    typename__: Literal["PaymentNotFoundError"] = Field(alias="__typename")
    message: str


class CancelPaymentPaymentNotChangeableError(BaseModel):
    typename__: Literal["PaymentNotChangeableError"] = Field(alias="__typename")
    payment: "CancelPaymentPaymentNotChangeableErrorPayment"
    message: str


CancelPaymentPaymentNotChangeableErrorPayment = PaymentFields


class CancelPaymentStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["CancelPaymentStripeRefusedErrorFields"]


CancelPaymentStripeRefusedErrorFields = InvalidFieldFields


class CancelPaymentStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


CancelPayment.model_rebuild()
CancelPaymentCancelPaymentPayload.model_rebuild()
CancelPaymentPaymentNotChangeableError.model_rebuild()
CancelPaymentStripeRefusedError.model_rebuild()
