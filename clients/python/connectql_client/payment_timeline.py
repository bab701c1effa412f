# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import PaymentEntryKind
from .fragments import PageFields


class PaymentTimeline(BaseModel):
    payment: Optional["PaymentTimelinePayment"]


class PaymentTimelinePayment(BaseModel):
    id: str
    timeline: "PaymentTimelinePaymentTimeline"


class PaymentTimelinePaymentTimeline(BaseModel):
    edges: list["PaymentTimelinePaymentTimelineEdges"]
    page_info: "PaymentTimelinePaymentTimelinePageInfo" = Field(alias="pageInfo")


class PaymentTimelinePaymentTimelineEdges(BaseModel):
    cursor: str
    node: "PaymentTimelinePaymentTimelineEdgesNode"


class PaymentTimelinePaymentTimelineEdgesNode(BaseModel):
    id: str
    at: datetime
    kind: PaymentEntryKind
    message: str
    actor: Optional[str]


PaymentTimelinePaymentTimelinePageInfo = PageFields
PaymentTimeline.model_rebuild()
PaymentTimelinePayment.model_rebuild()
PaymentTimelinePaymentTimeline.model_rebuild()
PaymentTimelinePaymentTimelineEdges.model_rebuild()
