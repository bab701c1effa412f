# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from pydantic import Field

from .base_model import BaseModel
from .fragments import PageFields, PayoutFields


class Payouts(BaseModel):
    payouts: "PayoutsPayouts"


class PayoutsPayouts(BaseModel):
    edges: list["PayoutsPayoutsEdges"]
    page_info: "PayoutsPayoutsPageInfo" = Field(alias="pageInfo")


class PayoutsPayoutsEdges(BaseModel):
    cursor: str
    node: "PayoutsPayoutsEdgesNode"


PayoutsPayoutsEdgesNode = PayoutFields
PayoutsPayoutsPageInfo = PageFields
Payouts.model_rebuild()
PayoutsPayouts.model_rebuild()
PayoutsPayoutsEdges.model_rebuild()
