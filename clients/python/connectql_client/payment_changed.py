# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from pydantic import Field

from .base_model import BaseModel
from .fragments import PaymentFields


class PaymentChanged(BaseModel):
    payment_changed: "PaymentChangedPaymentChanged" = Field(alias="paymentChanged")


PaymentChangedPaymentChanged = PaymentFields
PaymentChanged.model_rebuild()
