# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import MerchantSettingsFields


class MerchantSettings(BaseModel):
    merchant: Optional["MerchantSettingsMerchant"]


class MerchantSettingsMerchant(BaseModel):
    id: str
    display_name: str = Field(alias="displayName")
    contact_email: str = Field(alias="contactEmail")
    country: str
    settings: Optional["MerchantSettingsMerchantSettings"]


MerchantSettingsMerchantSettings = MerchantSettingsFields
MerchantSettings.model_rebuild()
MerchantSettingsMerchant.model_rebuild()
