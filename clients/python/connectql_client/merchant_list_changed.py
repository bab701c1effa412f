# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ListChangeKind
from .fragments import MerchantListFields


class MerchantListChanged(BaseModel):
    merchant_list_changed: "MerchantListChangedMerchantListChanged" = Field(alias="merchantListChanged")


class MerchantListChangedMerchantListChanged(BaseModel):
    change: ListChangeKind
    merchant_id: Optional[str] = Field(alias="merchantId")
    merchant: Optional["MerchantListChangedMerchantListChangedMerchant"]


MerchantListChangedMerchantListChangedMerchant = MerchantListFields
MerchantListChanged.model_rebuild()
MerchantListChangedMerchantListChanged.model_rebuild()
