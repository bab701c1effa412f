# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from pydantic import Field

from .base_model import BaseModel
from .fragments import MerchantFields


class MerchantsChanged(BaseModel):
    merchants_changed: "MerchantsChangedMerchantsChanged" = Field(alias="merchantsChanged")


MerchantsChangedMerchantsChanged = MerchantFields
MerchantsChanged.model_rebuild()
