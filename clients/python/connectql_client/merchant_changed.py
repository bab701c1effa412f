# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from pydantic import Field

from .base_model import BaseModel
from .fragments import MerchantFields


class MerchantChanged(BaseModel):
    merchant_changed: "MerchantChangedMerchantChanged" = Field(alias="merchantChanged")


MerchantChangedMerchantChanged = MerchantFields
MerchantChanged.model_rebuild()
