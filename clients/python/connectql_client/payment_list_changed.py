# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ListChangeKind
from .fragments import PaymentListFields


class PaymentListChanged(BaseModel):
    payment_list_changed: "PaymentListChangedPaymentListChanged" = Field(alias="paymentListChanged")


class PaymentListChangedPaymentListChanged(BaseModel):
    change: ListChangeKind
    payment_id: Optional[str] = Field(alias="paymentId")
    payment: Optional["PaymentListChangedPaymentListChangedPayment"]


PaymentListChangedPaymentListChangedPayment = PaymentListFields
PaymentListChanged.model_rebuild()
PaymentListChangedPaymentListChanged.model_rebuild()
