# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import MerchantListFields, PageFields


class Merchants(BaseModel):
    merchants: "MerchantsMerchants"


class MerchantsMerchants(BaseModel):
    total_count: Optional[int] = Field(alias="totalCount")
    edges: list["MerchantsMerchantsEdges"]
    page_info: "MerchantsMerchantsPageInfo" = Field(alias="pageInfo")


class MerchantsMerchantsEdges(BaseModel):
    cursor: str
    node: "MerchantsMerchantsEdgesNode"


MerchantsMerchantsEdgesNode = MerchantListFields
MerchantsMerchantsPageInfo = PageFields
Merchants.model_rebuild()
MerchantsMerchants.model_rebuild()
MerchantsMerchantsEdges.model_rebuild()
