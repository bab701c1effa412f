# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import RefundWarningCode
from .fragments import InvalidFieldFields, MoneyFields, PaymentFields, RefundFields
from .unknown_result import UnknownResult


class RefundPayment(BaseModel):
    refund_payment: Union[
        "RefundPaymentRefundPaymentPayload",
        "RefundPaymentPaymentNotFoundError",
        "RefundPaymentExternalIdTakenError",
        "RefundPaymentInvalidInputError",
        "RefundPaymentRefundTooLargeError",
        "RefundPaymentDisputeOpenError",
        "RefundPaymentPaymentNotChangeableError",
        "RefundPaymentStripeRefusedError",
        "RefundPaymentStripeUnavailableError",
        "UnknownResult",
    ] = Field(alias="refundPayment", union_mode="left_to_right")


class RefundPaymentRefundPaymentPayload(BaseModel):
    typename__: Literal["RefundPaymentPayload"] = Field(alias="__typename")
    created: bool
    warning: Optional[str]
    warning_code: Optional[RefundWarningCode] = Field(alias="warningCode")
    refund: "RefundPaymentRefundPaymentPayloadRefund"
    payment: "RefundPaymentRefundPaymentPayloadPayment"


RefundPaymentRefundPaymentPayloadRefund = RefundFields
RefundPaymentRefundPaymentPayloadPayment = PaymentFields


class RefundPaymentPaymentNotFoundError(BaseModel):
    typename__: Literal["PaymentNotFoundError"] = Field(alias="__typename")
    message: str


class RefundPaymentExternalIdTakenError(BaseModel):
    typename__: Literal["ExternalIdTakenError"] = Field(alias="__typename")
    message: str
    external_id: str = Field(alias="externalId")


class RefundPaymentInvalidInputError(BaseModel):
    typename__: Literal["InvalidInputError"] = Field(alias="__typename")
    message: str
    fields: list["RefundPaymentInvalidInputErrorFields"]


RefundPaymentInvalidInputErrorFields = InvalidFieldFields


class RefundPaymentRefundTooLargeError(BaseModel):
    typename__: Literal["RefundTooLargeError"] = Field(alias="__typename")
    message: str
    remaining: "RefundPaymentRefundTooLargeErrorRemaining"
    fields: list["RefundPaymentRefundTooLargeErrorFields"]


RefundPaymentRefundTooLargeErrorRemaining = MoneyFields
RefundPaymentRefundTooLargeErrorFields = InvalidFieldFields


class RefundPaymentDisputeOpenError(BaseModel):
    typename__: Literal["DisputeOpenError"] = Field(alias="__typename")
    payment: "RefundPaymentDisputeOpenErrorPayment"
    message: str
    disputed: "RefundPaymentDisputeOpenErrorDisputed"
    cost: "RefundPaymentDisputeOpenErrorCost"
    dispute_fee: Optional["RefundPaymentDisputeOpenErrorDisputeFee"] = Field(alias="disputeFee")


RefundPaymentDisputeOpenErrorPayment = PaymentFields
RefundPaymentDisputeOpenErrorDisputed = MoneyFields
RefundPaymentDisputeOpenErrorCost = MoneyFields
RefundPaymentDisputeOpenErrorDisputeFee = MoneyFields


class RefundPaymentPaymentNotChangeableError(BaseModel):
    typename__: Literal["PaymentNotChangeableError"] = Field(alias="__typename")
    payment: "RefundPaymentPaymentNotChangeableErrorPayment"
    message: str


RefundPaymentPaymentNotChangeableErrorPayment = PaymentFields


class RefundPaymentStripeRefusedError(BaseModel):
    typename__: Literal["StripeRefusedError"] = Field(alias="__typename")
    message: str
    code: str
    request_id: Optional[str] = Field(alias="requestId")
    remedy: Optional[str]
    fields: list["RefundPaymentStripeRefusedErrorFields"]


RefundPaymentStripeRefusedErrorFields = InvalidFieldFields


class RefundPaymentStripeUnavailableError(BaseModel):
    typename__: Literal["StripeUnavailableError"] = Field(alias="__typename")
    message: str
    retry_after_seconds: int = Field(alias="retryAfterSeconds")


RefundPayment.model_rebuild()
RefundPaymentRefundPaymentPayload.model_rebuild()
RefundPaymentInvalidInputError.model_rebuild()
RefundPaymentRefundTooLargeError.model_rebuild()
RefundPaymentDisputeOpenError.model_rebuild()
RefundPaymentPaymentNotChangeableError.model_rebuild()
RefundPaymentStripeRefusedError.model_rebuild()
