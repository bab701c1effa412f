# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ServiceFields


class ServiceChanged(BaseModel):
    merchant_changed: "ServiceChangedMerchantChanged" = Field(alias="merchantChanged")


class ServiceChangedMerchantChanged(BaseModel):
    id: str
    service: Optional["ServiceChangedMerchantChangedService"]


ServiceChangedMerchantChangedService = ServiceFields
ServiceChanged.model_rebuild()
ServiceChangedMerchantChanged.model_rebuild()
