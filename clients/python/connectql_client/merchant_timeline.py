# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PageFields, TimelineEntryFields


class MerchantTimeline(BaseModel):
    merchant: Optional["MerchantTimelineMerchant"]


class MerchantTimelineMerchant(BaseModel):
    id: str
    timeline: "MerchantTimelineMerchantTimeline"


class MerchantTimelineMerchantTimeline(BaseModel):
    edges: list["MerchantTimelineMerchantTimelineEdges"]
    page_info: "MerchantTimelineMerchantTimelinePageInfo" = Field(alias="pageInfo")


class MerchantTimelineMerchantTimelineEdges(BaseModel):
    cursor: str
    node: "MerchantTimelineMerchantTimelineEdgesNode"


MerchantTimelineMerchantTimelineEdgesNode = TimelineEntryFields
MerchantTimelineMerchantTimelinePageInfo = PageFields
MerchantTimeline.model_rebuild()
MerchantTimelineMerchant.model_rebuild()
MerchantTimelineMerchantTimeline.model_rebuild()
MerchantTimelineMerchantTimelineEdges.model_rebuild()
