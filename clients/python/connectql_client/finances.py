# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import BalanceFields, PayoutObstacleFields, PayoutScheduleFields


class Finances(BaseModel):
    merchant: Optional["FinancesMerchant"]


class FinancesMerchant(BaseModel):
    id: str
    can_receive_payouts: bool = Field(alias="canReceivePayouts")
    balance: Optional["FinancesMerchantBalance"]
    payout_schedule: Optional["FinancesMerchantPayoutSchedule"] = Field(alias="payoutSchedule")
    payout_obstacles: list["FinancesMerchantPayoutObstacles"] = Field(alias="payoutObstacles")


FinancesMerchantBalance = BalanceFields
FinancesMerchantPayoutSchedule = PayoutScheduleFields
FinancesMerchantPayoutObstacles = PayoutObstacleFields
Finances.model_rebuild()
FinancesMerchant.model_rebuild()
