# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from .base_model import BaseModel
from .fragments import MerchantFields


class Merchant(BaseModel):
    merchant: Optional["MerchantMerchant"]


MerchantMerchant = MerchantFields
Merchant.model_rebuild()
