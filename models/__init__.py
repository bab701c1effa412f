"""Tables, engines and migrations: the only package with SQL."""

from models.account import AccountCreation as AccountCreation
from models.account import AccountReplacement as AccountReplacement
from models.account import ConnectedAccount as ConnectedAccount
from models.account import FormerAccount as FormerAccount
from models.clock import latest_date as latest_date
from models.clock import now as now
from models.dispute import Dispute as Dispute
from models.event import StripeEvent as StripeEvent
from models.ids import past_uuid7 as past_uuid7
from models.ids import uuid7 as uuid7
from models.merchant import Merchant as Merchant
from models.merchant import MerchantWord as MerchantWord
from models.merchant import OnboardingLink as OnboardingLink
from models.merchant import TimelineEntry as TimelineEntry
from models.merchant import latest_entries as latest_entries
from models.payment import ApplicationFee as ApplicationFee
from models.payment import ApplicationFeeRefund as ApplicationFeeRefund
from models.payment import FeeReturn as FeeReturn
from models.payment import Payment as Payment
from models.payment import PaymentCreation as PaymentCreation
from models.payment import PaymentEntry as PaymentEntry
from models.payment import PaymentObject as PaymentObject
from models.payment import RefundRequest as RefundRequest
from models.periodic import PeriodicTask as PeriodicTask
from models.problem import DismissedProblem as DismissedProblem
from models.wallet_domain import WalletDomain as WalletDomain
