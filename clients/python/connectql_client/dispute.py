# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from .base_model import BaseModel
from .fragments import DisputeFields


class Dispute(BaseModel):
    dispute: Optional["DisputeDispute"]


DisputeDispute = DisputeFields
Dispute.model_rebuild()
