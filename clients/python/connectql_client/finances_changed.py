# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import BalanceFields, PayoutObstacleFields, PayoutScheduleFields


class FinancesChanged(BaseModel):
    merchant_changed: "FinancesChangedMerchantChanged" = Field(alias="merchantChanged")


class FinancesChangedMerchantChanged(BaseModel):
    id: str
    can_receive_payouts: bool = Field(alias="canReceivePayouts")
    balance: Optional["FinancesChangedMerchantChangedBalance"]
    payout_schedule: Optional["FinancesChangedMerchantChangedPayoutSchedule"] = Field(alias="payoutSchedule")
    payout_obstacles: list["FinancesChangedMerchantChangedPayoutObstacles"] = Field(alias="payoutObstacles")


FinancesChangedMerchantChangedBalance = BalanceFields
FinancesChangedMerchantChangedPayoutSchedule = PayoutScheduleFields
FinancesChangedMerchantChangedPayoutObstacles = PayoutObstacleFields
FinancesChanged.model_rebuild()
FinancesChangedMerchantChanged.model_rebuild()
