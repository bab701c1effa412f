# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ListChangeKind
from .fragments import PayoutFields


class PayoutListChanged(BaseModel):
    payout_list_changed: "PayoutListChangedPayoutListChanged" = Field(alias="payoutListChanged")


class PayoutListChangedPayoutListChanged(BaseModel):
    change: ListChangeKind
    payout_id: Optional[str] = Field(alias="payoutId")
    payout: Optional["PayoutListChangedPayoutListChangedPayout"]


PayoutListChangedPayoutListChangedPayout = PayoutFields
PayoutListChanged.model_rebuild()
PayoutListChangedPayoutListChanged.model_rebuild()
