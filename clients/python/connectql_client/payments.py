# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from pydantic import Field

from .base_model import BaseModel
from .fragments import PageFields, PaymentListFields


class Payments(BaseModel):
    payments: "PaymentsPayments"


class PaymentsPayments(BaseModel):
    edges: list["PaymentsPaymentsEdges"]
    page_info: "PaymentsPaymentsPageInfo" = Field(alias="pageInfo")


class PaymentsPaymentsEdges(BaseModel):
    cursor: str
    node: "PaymentsPaymentsEdgesNode"


PaymentsPaymentsEdgesNode = PaymentListFields
PaymentsPaymentsPageInfo = PageFields
Payments.model_rebuild()
PaymentsPayments.model_rebuild()
PaymentsPaymentsEdges.model_rebuild()
