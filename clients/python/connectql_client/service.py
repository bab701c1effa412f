# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from .base_model import BaseModel
from .fragments import ServiceFields


class Service(BaseModel):
    merchant: Optional["ServiceMerchant"]


class ServiceMerchant(BaseModel):
    id: str
    service: Optional["ServiceMerchantService"]


ServiceMerchantService = ServiceFields
Service.model_rebuild()
ServiceMerchant.model_rebuild()
