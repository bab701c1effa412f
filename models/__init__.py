"""Tables, database engines and migrations, and most of the SQL.

The migrations repeat the first line of each model's docstring, so you need a migration to change such a line.
"""

from models.account import AccountCreation as AccountCreation
from models.account import AccountReplacement as AccountReplacement
from models.account import ConnectedAccount as ConnectedAccount
from models.account import FormerAccount as FormerAccount
from models.audit import AuditEntry as AuditEntry
from models.change_batch import ChangeBatch as ChangeBatch
from models.change_batch import PendingChange as PendingChange
from models.client import ClientUse as ClientUse
from models.client import OperationManifest as OperationManifest
from models.client import Use as Use
from models.client import count_use as count_use
from models.client import uses as uses
from models.clock import latest_date as latest_date
from models.clock import now as now
from models.dispute import Dispute as Dispute
from models.dispute import DisputeRequest as DisputeRequest
from models.event import StripeEvent as StripeEvent
from models.ids import first_uuid7 as first_uuid7
from models.ids import past_uuid7 as past_uuid7
from models.ids import time_of as time_of
from models.ids import uuid7 as uuid7
from models.merchant import Merchant as Merchant
from models.merchant import MerchantWord as MerchantWord
from models.merchant import OnboardingLink as OnboardingLink
from models.merchant import TimelineEntry as TimelineEntry
from models.merchant import latest_entries as latest_entries
from models.outgoing import EventEndpoint as EventEndpoint
from models.outgoing import Notice as Notice
from models.outgoing import OutgoingDelivery as OutgoingDelivery
from models.outgoing import OutgoingEvent as OutgoingEvent
from models.payment import ApplicationFee as ApplicationFee
from models.payment import ApplicationFeeRefund as ApplicationFeeRefund
from models.payment import FeeReturn as FeeReturn
from models.payment import Payment as Payment
from models.payment import PaymentCreation as PaymentCreation
from models.payment import PaymentEntry as PaymentEntry
from models.payment import PaymentObject as PaymentObject
from models.payment import RefundRequest as RefundRequest
from models.payout import Payout as Payout
from models.payout import PayoutRequest as PayoutRequest
from models.payout import PayoutTransaction as PayoutTransaction
from models.periodic import PeriodicTask as PeriodicTask
from models.problem import DismissedProblem as DismissedProblem
from models.problem import ProblemOccurrence as ProblemOccurrence
from models.service import Service as Service
from models.service import ServiceRequest as ServiceRequest
from models.service import start_service_fetch as start_service_fetch
from models.stripe_calls import StripeCallCount as StripeCallCount
from models.wallet_domain import WalletDomain as WalletDomain
from models.worker import WorkerProcess as WorkerProcess
