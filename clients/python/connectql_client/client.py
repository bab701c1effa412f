# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from typing import Any, Optional, Union

from .adopt_merchant import (
    AdoptMerchant,
    AdoptMerchantAccountNotAdoptableError,
    AdoptMerchantAccountNotFetchedError,
    AdoptMerchantAdoptMerchantPayload,
    AdoptMerchantExternalIdTakenError,
    AdoptMerchantInvalidInputError,
    AdoptMerchantStripeRefusedError,
)
from .base_client import BaseClient
from .base_model import UNSET, UnsetType
from .cancel_payment import (
    CancelPayment,
    CancelPaymentCancelPaymentPayload,
    CancelPaymentPaymentNotChangeableError,
    CancelPaymentPaymentNotFoundError,
    CancelPaymentStripeRefusedError,
    CancelPaymentStripeUnavailableError,
)
from .capture_payment import (
    CapturePayment,
    CapturePaymentCapturePaymentPayload,
    CapturePaymentFeeTooLargeError,
    CapturePaymentInvalidInputError,
    CapturePaymentPaymentNotChangeableError,
    CapturePaymentPaymentNotFoundError,
    CapturePaymentStripeRefusedError,
    CapturePaymentStripeUnavailableError,
)
from .close_merchant import (
    CloseMerchant,
    CloseMerchantCloseMerchantPayload,
    CloseMerchantMerchantNotFoundError,
    CloseMerchantMerchantNotReadyError,
    CloseMerchantStripeRefusedError,
    CloseMerchantStripeUnavailableError,
)
from .create_account_session import (
    CreateAccountSession,
    CreateAccountSessionComponentNotAllowedError,
    CreateAccountSessionCreateAccountSessionPayload,
    CreateAccountSessionInvalidInputError,
    CreateAccountSessionMerchantNotFoundError,
    CreateAccountSessionMerchantNotReadyError,
    CreateAccountSessionStripeRefusedError,
    CreateAccountSessionStripeUnavailableError,
)
from .create_billing_portal_link import (
    CreateBillingPortalLink,
    CreateBillingPortalLinkCreateBillingPortalLinkPayload,
    CreateBillingPortalLinkInvalidInputError,
    CreateBillingPortalLinkMerchantNotFoundError,
    CreateBillingPortalLinkMerchantNotReadyError,
    CreateBillingPortalLinkStripeRefusedError,
    CreateBillingPortalLinkStripeUnavailableError,
)
from .create_checkout import (
    CreateCheckout,
    CreateCheckoutAmountTooSmallError,
    CreateCheckoutCreateCheckoutPayload,
    CreateCheckoutCurrencyNotSupportedError,
    CreateCheckoutExternalIdTakenError,
    CreateCheckoutFeeTooLargeError,
    CreateCheckoutInvalidInputError,
    CreateCheckoutMerchantNotFoundError,
    CreateCheckoutMerchantNotReadyError,
    CreateCheckoutPaymentNotPayableError,
    CreateCheckoutStripeRefusedError,
    CreateCheckoutStripeUnavailableError,
)
from .create_dashboard_link import (
    CreateDashboardLink,
    CreateDashboardLinkCreateDashboardLinkPayload,
    CreateDashboardLinkDashboardLinkRefusedError,
    CreateDashboardLinkMerchantNotFoundError,
    CreateDashboardLinkMerchantNotReadyError,
    CreateDashboardLinkReturnUrlNotAllowedError,
    CreateDashboardLinkStripeUnavailableError,
)
from .create_merchant import (
    CreateMerchant,
    CreateMerchantCountryNotSupportedError,
    CreateMerchantCreateMerchantPayload,
    CreateMerchantExternalIdTakenError,
    CreateMerchantInvalidInputError,
    CreateMerchantStripeRefusedError,
    CreateMerchantStripeUnavailableError,
)
from .create_onboarding_link import (
    CreateOnboardingLink,
    CreateOnboardingLinkCreateOnboardingLinkPayload,
    CreateOnboardingLinkMerchantNotFoundError,
    CreateOnboardingLinkMerchantNotReadyError,
    CreateOnboardingLinkReturnUrlNotAllowedError,
    CreateOnboardingLinkStripeRefusedError,
    CreateOnboardingLinkStripeUnavailableError,
)
from .create_payment_intent import (
    CreatePaymentIntent,
    CreatePaymentIntentAmountTooSmallError,
    CreatePaymentIntentCreatePaymentIntentPayload,
    CreatePaymentIntentCurrencyNotSupportedError,
    CreatePaymentIntentExternalIdTakenError,
    CreatePaymentIntentFeeTooLargeError,
    CreatePaymentIntentInvalidInputError,
    CreatePaymentIntentMerchantNotFoundError,
    CreatePaymentIntentMerchantNotReadyError,
    CreatePaymentIntentPaymentNotPayableError,
    CreatePaymentIntentStripeRefusedError,
    CreatePaymentIntentStripeUnavailableError,
)
from .create_payout import (
    CreatePayout,
    CreatePayoutBankAccountMissingError,
    CreatePayoutCreatePayoutPayload,
    CreatePayoutExternalIdTakenError,
    CreatePayoutInvalidInputError,
    CreatePayoutMerchantNotFoundError,
    CreatePayoutMerchantNotReadyError,
    CreatePayoutPayoutsBlockedError,
    CreatePayoutPayoutTooLargeError,
    CreatePayoutStripeRefusedError,
    CreatePayoutStripeUnavailableError,
)
from .dispute import Dispute, DisputeDispute
from .disputes import Disputes, DisputesDisputes
from .enums import DisputeOrder, MerchantOrder, PaymentOrder, PayoutOrder, TimelineKind
from .finances import Finances, FinancesMerchant
from .input_types import (
    AdoptMerchantInput,
    CancelPaymentInput,
    CapturePaymentInput,
    CloseMerchantInput,
    CreateAccountSessionInput,
    CreateBillingPortalLinkInput,
    CreateCheckoutInput,
    CreateDashboardLinkInput,
    CreateMerchantInput,
    CreateOnboardingLinkInput,
    CreatePaymentIntentInput,
    CreatePayoutInput,
    DisputeFilter,
    DisputeRef,
    MerchantFilter,
    MerchantRef,
    PaymentFilter,
    PaymentRef,
    PayoutFilter,
    RefreshMerchantInput,
    RefundPaymentInput,
    StartServiceInput,
    UpdateMerchantInput,
)
from .merchant import Merchant, MerchantMerchant
from .merchant_settings import MerchantSettings, MerchantSettingsMerchant
from .merchant_timeline import MerchantTimeline, MerchantTimelineMerchant
from .merchants import Merchants, MerchantsMerchants
from .operations import (
    ADOPT_MERCHANT_GQL,
    CANCEL_PAYMENT_GQL,
    CAPTURE_PAYMENT_GQL,
    CLOSE_MERCHANT_GQL,
    CREATE_ACCOUNT_SESSION_GQL,
    CREATE_BILLING_PORTAL_LINK_GQL,
    CREATE_CHECKOUT_GQL,
    CREATE_DASHBOARD_LINK_GQL,
    CREATE_MERCHANT_GQL,
    CREATE_ONBOARDING_LINK_GQL,
    CREATE_PAYMENT_INTENT_GQL,
    CREATE_PAYOUT_GQL,
    DISPUTE_GQL,
    DISPUTES_GQL,
    FINANCES_GQL,
    MERCHANT_GQL,
    MERCHANT_SETTINGS_GQL,
    MERCHANT_TIMELINE_GQL,
    MERCHANTS_GQL,
    PAYMENT_GQL,
    PAYMENT_TIMELINE_GQL,
    PAYMENTS_GQL,
    PAYOUTS_GQL,
    REFRESH_MERCHANT_GQL,
    REFUND_PAYMENT_GQL,
    SERVICE_GQL,
    START_SERVICE_GQL,
    UPDATE_MERCHANT_GQL,
    VIEWER_GQL,
)
from .payment import Payment, PaymentPayment
from .payment_timeline import PaymentTimeline, PaymentTimelinePayment
from .payments import Payments, PaymentsPayments
from .payouts import Payouts, PayoutsPayouts
from .refresh_merchant import (
    RefreshMerchant,
    RefreshMerchantMerchantNotFoundError,
    RefreshMerchantMerchantNotReadyError,
    RefreshMerchantRefreshMerchantPayload,
    RefreshMerchantStripeRefusedError,
    RefreshMerchantStripeUnavailableError,
)
from .refund_payment import (
    RefundPayment,
    RefundPaymentDisputeOpenError,
    RefundPaymentExternalIdTakenError,
    RefundPaymentInvalidInputError,
    RefundPaymentPaymentNotChangeableError,
    RefundPaymentPaymentNotFoundError,
    RefundPaymentRefundPaymentPayload,
    RefundPaymentRefundTooLargeError,
    RefundPaymentStripeRefusedError,
    RefundPaymentStripeUnavailableError,
)
from .service import Service, ServiceMerchant
from .start_service import (
    StartService,
    StartServiceInvalidInputError,
    StartServiceMerchantNotFoundError,
    StartServiceMerchantNotReadyError,
    StartServiceServiceRunningError,
    StartServiceStartServicePayload,
    StartServiceStripeRefusedError,
    StartServiceStripeUnavailableError,
)
from .unknown_result import UnknownResult
from .update_merchant import (
    UpdateMerchant,
    UpdateMerchantInvalidInputError,
    UpdateMerchantMerchantNotFoundError,
    UpdateMerchantMerchantNotReadyError,
    UpdateMerchantStripeRefusedError,
    UpdateMerchantStripeUnavailableError,
    UpdateMerchantUpdateMerchantPayload,
)
from .viewer import Viewer, ViewerViewer


def gql(q: str) -> str:
    return q


class Client(BaseClient):
    def dispute(self, by: DisputeRef, **kwargs: Any) -> Optional[DisputeDispute]:
        variables: dict[str, object] = {"by": by}
        response = self.execute(query=DISPUTE_GQL, operation_name="Dispute", variables=variables, **kwargs)
        data = self.get_data(response)
        return Dispute.model_validate(data).dispute

    def disputes(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[DisputeFilter], UnsetType] = UNSET,
        order_by: Union[Optional[DisputeOrder], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> DisputesDisputes:
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "filter": filter_,
            "orderBy": order_by,
        }
        response = self.execute(query=DISPUTES_GQL, operation_name="Disputes", variables=variables, **kwargs)
        data = self.get_data(response)
        return Disputes.model_validate(data).disputes

    def viewer(self, **kwargs: Any) -> ViewerViewer:
        variables: dict[str, object] = {}
        response = self.execute(query=VIEWER_GQL, operation_name="Viewer", variables=variables, **kwargs)
        data = self.get_data(response)
        return Viewer.model_validate(data).viewer

    def merchant(self, by: MerchantRef, **kwargs: Any) -> Optional[MerchantMerchant]:
        variables: dict[str, object] = {"by": by}
        response = self.execute(query=MERCHANT_GQL, operation_name="Merchant", variables=variables, **kwargs)
        data = self.get_data(response)
        return Merchant.model_validate(data).merchant

    def merchants(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[MerchantFilter], UnsetType] = UNSET,
        order_by: Union[Optional[MerchantOrder], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> MerchantsMerchants:
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "filter": filter_,
            "orderBy": order_by,
        }
        response = self.execute(
            query=MERCHANTS_GQL,
            operation_name="Merchants",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return Merchants.model_validate(data).merchants

    def merchant_settings(self, by: MerchantRef, **kwargs: Any) -> Optional[MerchantSettingsMerchant]:
        variables: dict[str, object] = {"by": by}
        response = self.execute(
            query=MERCHANT_SETTINGS_GQL,
            operation_name="MerchantSettings",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return MerchantSettings.model_validate(data).merchant

    def merchant_timeline(
        self,
        by: MerchantRef,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        kinds: Union[Optional[list[TimelineKind]], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[MerchantTimelineMerchant]:
        variables: dict[str, object] = {
            "by": by,
            "first": first,
            "after": after,
            "kinds": kinds,
        }
        response = self.execute(
            query=MERCHANT_TIMELINE_GQL,
            operation_name="MerchantTimeline",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return MerchantTimeline.model_validate(data).merchant

    def create_merchant(
        self, input: CreateMerchantInput, **kwargs: Any
    ) -> Union[
        CreateMerchantCreateMerchantPayload,
        CreateMerchantExternalIdTakenError,
        CreateMerchantInvalidInputError,
        CreateMerchantCountryNotSupportedError,
        CreateMerchantStripeRefusedError,
        CreateMerchantStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_MERCHANT_GQL,
            operation_name="CreateMerchant",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreateMerchant.model_validate(data).create_merchant

    def update_merchant(
        self, input: UpdateMerchantInput, **kwargs: Any
    ) -> Union[
        UpdateMerchantUpdateMerchantPayload,
        UpdateMerchantMerchantNotFoundError,
        UpdateMerchantInvalidInputError,
        UpdateMerchantMerchantNotReadyError,
        UpdateMerchantStripeRefusedError,
        UpdateMerchantStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=UPDATE_MERCHANT_GQL,
            operation_name="UpdateMerchant",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return UpdateMerchant.model_validate(data).update_merchant

    def refresh_merchant(
        self, input: RefreshMerchantInput, **kwargs: Any
    ) -> Union[
        RefreshMerchantRefreshMerchantPayload,
        RefreshMerchantMerchantNotFoundError,
        RefreshMerchantMerchantNotReadyError,
        RefreshMerchantStripeRefusedError,
        RefreshMerchantStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=REFRESH_MERCHANT_GQL,
            operation_name="RefreshMerchant",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RefreshMerchant.model_validate(data).refresh_merchant

    def create_onboarding_link(
        self, input: CreateOnboardingLinkInput, **kwargs: Any
    ) -> Union[
        CreateOnboardingLinkCreateOnboardingLinkPayload,
        CreateOnboardingLinkMerchantNotFoundError,
        CreateOnboardingLinkReturnUrlNotAllowedError,
        CreateOnboardingLinkMerchantNotReadyError,
        CreateOnboardingLinkStripeRefusedError,
        CreateOnboardingLinkStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_ONBOARDING_LINK_GQL,
            operation_name="CreateOnboardingLink",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreateOnboardingLink.model_validate(data).create_onboarding_link

    def create_dashboard_link(
        self, input: CreateDashboardLinkInput, **kwargs: Any
    ) -> Union[
        CreateDashboardLinkCreateDashboardLinkPayload,
        CreateDashboardLinkMerchantNotFoundError,
        CreateDashboardLinkReturnUrlNotAllowedError,
        CreateDashboardLinkMerchantNotReadyError,
        CreateDashboardLinkDashboardLinkRefusedError,
        CreateDashboardLinkStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_DASHBOARD_LINK_GQL,
            operation_name="CreateDashboardLink",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreateDashboardLink.model_validate(data).create_dashboard_link

    def create_account_session(
        self, input: CreateAccountSessionInput, **kwargs: Any
    ) -> Union[
        CreateAccountSessionCreateAccountSessionPayload,
        CreateAccountSessionMerchantNotFoundError,
        CreateAccountSessionInvalidInputError,
        CreateAccountSessionComponentNotAllowedError,
        CreateAccountSessionMerchantNotReadyError,
        CreateAccountSessionStripeRefusedError,
        CreateAccountSessionStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_ACCOUNT_SESSION_GQL,
            operation_name="CreateAccountSession",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreateAccountSession.model_validate(data).create_account_session

    def payment(self, by: PaymentRef, **kwargs: Any) -> Optional[PaymentPayment]:
        variables: dict[str, object] = {"by": by}
        response = self.execute(query=PAYMENT_GQL, operation_name="Payment", variables=variables, **kwargs)
        data = self.get_data(response)
        return Payment.model_validate(data).payment

    def payments(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[PaymentFilter], UnsetType] = UNSET,
        order_by: Union[Optional[PaymentOrder], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> PaymentsPayments:
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "filter": filter_,
            "orderBy": order_by,
        }
        response = self.execute(query=PAYMENTS_GQL, operation_name="Payments", variables=variables, **kwargs)
        data = self.get_data(response)
        return Payments.model_validate(data).payments

    def payment_timeline(
        self,
        by: PaymentRef,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> Optional[PaymentTimelinePayment]:
        variables: dict[str, object] = {"by": by, "first": first, "after": after}
        response = self.execute(
            query=PAYMENT_TIMELINE_GQL,
            operation_name="PaymentTimeline",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return PaymentTimeline.model_validate(data).payment

    def create_checkout(
        self, input: CreateCheckoutInput, **kwargs: Any
    ) -> Union[
        CreateCheckoutCreateCheckoutPayload,
        CreateCheckoutMerchantNotFoundError,
        CreateCheckoutExternalIdTakenError,
        CreateCheckoutInvalidInputError,
        CreateCheckoutMerchantNotReadyError,
        CreateCheckoutAmountTooSmallError,
        CreateCheckoutCurrencyNotSupportedError,
        CreateCheckoutFeeTooLargeError,
        CreateCheckoutPaymentNotPayableError,
        CreateCheckoutStripeRefusedError,
        CreateCheckoutStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_CHECKOUT_GQL,
            operation_name="CreateCheckout",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreateCheckout.model_validate(data).create_checkout

    def refund_payment(
        self, input: RefundPaymentInput, **kwargs: Any
    ) -> Union[
        RefundPaymentRefundPaymentPayload,
        RefundPaymentPaymentNotFoundError,
        RefundPaymentExternalIdTakenError,
        RefundPaymentInvalidInputError,
        RefundPaymentRefundTooLargeError,
        RefundPaymentDisputeOpenError,
        RefundPaymentPaymentNotChangeableError,
        RefundPaymentStripeRefusedError,
        RefundPaymentStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=REFUND_PAYMENT_GQL,
            operation_name="RefundPayment",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return RefundPayment.model_validate(data).refund_payment

    def capture_payment(
        self, input: CapturePaymentInput, **kwargs: Any
    ) -> Union[
        CapturePaymentCapturePaymentPayload,
        CapturePaymentPaymentNotFoundError,
        CapturePaymentInvalidInputError,
        CapturePaymentFeeTooLargeError,
        CapturePaymentPaymentNotChangeableError,
        CapturePaymentStripeRefusedError,
        CapturePaymentStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CAPTURE_PAYMENT_GQL,
            operation_name="CapturePayment",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CapturePayment.model_validate(data).capture_payment

    def cancel_payment(
        self, input: CancelPaymentInput, **kwargs: Any
    ) -> Union[
        CancelPaymentCancelPaymentPayload,
        CancelPaymentPaymentNotFoundError,
        CancelPaymentPaymentNotChangeableError,
        CancelPaymentStripeRefusedError,
        CancelPaymentStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CANCEL_PAYMENT_GQL,
            operation_name="CancelPayment",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CancelPayment.model_validate(data).cancel_payment

    def finances(self, by: MerchantRef, **kwargs: Any) -> Optional[FinancesMerchant]:
        variables: dict[str, object] = {"by": by}
        response = self.execute(query=FINANCES_GQL, operation_name="Finances", variables=variables, **kwargs)
        data = self.get_data(response)
        return Finances.model_validate(data).merchant

    def payouts(
        self,
        first: Union[Optional[int], UnsetType] = UNSET,
        after: Union[Optional[str], UnsetType] = UNSET,
        filter_: Union[Optional[PayoutFilter], UnsetType] = UNSET,
        order_by: Union[Optional[PayoutOrder], UnsetType] = UNSET,
        **kwargs: Any,
    ) -> PayoutsPayouts:
        variables: dict[str, object] = {
            "first": first,
            "after": after,
            "filter": filter_,
            "orderBy": order_by,
        }
        response = self.execute(query=PAYOUTS_GQL, operation_name="Payouts", variables=variables, **kwargs)
        data = self.get_data(response)
        return Payouts.model_validate(data).payouts

    def service(self, by: MerchantRef, **kwargs: Any) -> Optional[ServiceMerchant]:
        variables: dict[str, object] = {"by": by}
        response = self.execute(query=SERVICE_GQL, operation_name="Service", variables=variables, **kwargs)
        data = self.get_data(response)
        return Service.model_validate(data).merchant

    def start_service(
        self, input: StartServiceInput, **kwargs: Any
    ) -> Union[
        StartServiceStartServicePayload,
        StartServiceMerchantNotFoundError,
        StartServiceInvalidInputError,
        StartServiceMerchantNotReadyError,
        StartServiceServiceRunningError,
        StartServiceStripeRefusedError,
        StartServiceStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=START_SERVICE_GQL,
            operation_name="StartService",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return StartService.model_validate(data).start_service

    def create_billing_portal_link(
        self, input: CreateBillingPortalLinkInput, **kwargs: Any
    ) -> Union[
        CreateBillingPortalLinkCreateBillingPortalLinkPayload,
        CreateBillingPortalLinkMerchantNotFoundError,
        CreateBillingPortalLinkInvalidInputError,
        CreateBillingPortalLinkMerchantNotReadyError,
        CreateBillingPortalLinkStripeRefusedError,
        CreateBillingPortalLinkStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_BILLING_PORTAL_LINK_GQL,
            operation_name="CreateBillingPortalLink",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreateBillingPortalLink.model_validate(data).create_billing_portal_link

    def adopt_merchant(
        self, input: AdoptMerchantInput, **kwargs: Any
    ) -> Union[
        AdoptMerchantAdoptMerchantPayload,
        AdoptMerchantAccountNotAdoptableError,
        AdoptMerchantAccountNotFetchedError,
        AdoptMerchantExternalIdTakenError,
        AdoptMerchantInvalidInputError,
        AdoptMerchantStripeRefusedError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=ADOPT_MERCHANT_GQL,
            operation_name="AdoptMerchant",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return AdoptMerchant.model_validate(data).adopt_merchant

    def close_merchant(
        self, input: CloseMerchantInput, **kwargs: Any
    ) -> Union[
        CloseMerchantCloseMerchantPayload,
        CloseMerchantMerchantNotFoundError,
        CloseMerchantMerchantNotReadyError,
        CloseMerchantStripeRefusedError,
        CloseMerchantStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CLOSE_MERCHANT_GQL,
            operation_name="CloseMerchant",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CloseMerchant.model_validate(data).close_merchant

    def create_payment_intent(
        self, input: CreatePaymentIntentInput, **kwargs: Any
    ) -> Union[
        CreatePaymentIntentCreatePaymentIntentPayload,
        CreatePaymentIntentMerchantNotFoundError,
        CreatePaymentIntentExternalIdTakenError,
        CreatePaymentIntentInvalidInputError,
        CreatePaymentIntentMerchantNotReadyError,
        CreatePaymentIntentAmountTooSmallError,
        CreatePaymentIntentCurrencyNotSupportedError,
        CreatePaymentIntentFeeTooLargeError,
        CreatePaymentIntentPaymentNotPayableError,
        CreatePaymentIntentStripeRefusedError,
        CreatePaymentIntentStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_PAYMENT_INTENT_GQL,
            operation_name="CreatePaymentIntent",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreatePaymentIntent.model_validate(data).create_payment_intent

    def create_payout(
        self, input: CreatePayoutInput, **kwargs: Any
    ) -> Union[
        CreatePayoutCreatePayoutPayload,
        CreatePayoutMerchantNotFoundError,
        CreatePayoutExternalIdTakenError,
        CreatePayoutInvalidInputError,
        CreatePayoutMerchantNotReadyError,
        CreatePayoutPayoutsBlockedError,
        CreatePayoutPayoutTooLargeError,
        CreatePayoutBankAccountMissingError,
        CreatePayoutStripeRefusedError,
        CreatePayoutStripeUnavailableError,
        UnknownResult,
    ]:
        variables: dict[str, object] = {"input": input}
        response = self.execute(
            query=CREATE_PAYOUT_GQL,
            operation_name="CreatePayout",
            variables=variables,
            **kwargs,
        )
        data = self.get_data(response)
        return CreatePayout.model_validate(data).create_payout
