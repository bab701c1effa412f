# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    DisputeListFields,
    DisputeListFieldsAmount,
    DisputeListFieldsNextAction,
    PageFields,
    PaymentListFields,
)


class Disputes(BaseModel):
    disputes: "DisputesDisputes"


class DisputesDisputes(BaseModel):
    edges: list["DisputesDisputesEdges"]
    page_info: "DisputesDisputesPageInfo" = Field(alias="pageInfo")


class DisputesDisputesEdges(BaseModel):
    cursor: str
    node: "DisputesDisputesEdgesNode"


class DisputesDisputesEdgesNode(DisputeListFields):
    payment: "DisputesDisputesEdgesNodePayment"


DisputesDisputesEdgesNodePayment = PaymentListFields
DisputesDisputesPageInfo = PageFields
Disputes.model_rebuild()
DisputesDisputes.model_rebuild()
DisputesDisputesEdges.model_rebuild()
DisputesDisputesEdgesNode.model_rebuild()
