# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ListChangeKind
from .fragments import (  # noqa: F401
    DisputeListFields,
    DisputeListFieldsAmount,
    DisputeListFieldsNextAction,
    PaymentListFields,
)


class DisputeListChanged(BaseModel):
    dispute_list_changed: "DisputeListChangedDisputeListChanged" = Field(alias="disputeListChanged")


class DisputeListChangedDisputeListChanged(BaseModel):
    change: ListChangeKind
    dispute_id: Optional[str] = Field(alias="disputeId")
    dispute: Optional["DisputeListChangedDisputeListChangedDispute"]


class DisputeListChangedDisputeListChangedDispute(DisputeListFields):
    payment: "DisputeListChangedDisputeListChangedDisputePayment"


DisputeListChangedDisputeListChangedDisputePayment = PaymentListFields
DisputeListChanged.model_rebuild()
DisputeListChangedDisputeListChanged.model_rebuild()
DisputeListChangedDisputeListChangedDispute.model_rebuild()
