# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from .base_model import BaseModel
from .enums import Permission, Role
from .fragments import MerchantFields


class Viewer(BaseModel):
    viewer: "ViewerViewer"


class ViewerViewer(BaseModel):
    subject: str
    role: Role
    permissions: list[Permission]
    merchant: Optional["ViewerViewerMerchant"]


ViewerViewerMerchant = MerchantFields
Viewer.model_rebuild()
ViewerViewer.model_rebuild()
