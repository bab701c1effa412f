# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from .base_model import BaseModel
from .fragments import PaymentFields


class Payment(BaseModel):
    payment: Optional["PaymentPayment"]


PaymentPayment = PaymentFields
Payment.model_rebuild()
