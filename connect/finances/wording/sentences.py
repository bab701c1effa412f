"""The sentences about balances and payouts, by message key, for the platform's staff and for the merchant.

`{amounts}` lists amounts of different currencies. No sentence contains a date.
"""

from collections.abc import Mapping

# Each value is one text for both audiences, or a pair: a text for the platform's staff and one for the
# merchant.
SENTENCES: Mapping[str, str | tuple[str, str]] = {
    # The schedule.
    "schedule.daily": "Stripe pays out the available balance on every business day.",
    "schedule.weekly": "Stripe pays out the available balance every week on {days}.",
    "schedule.monthly": "Stripe pays out the available balance every month on the {days}.",
    "schedule.manual": (
        "Stripe pays out only when the merchant asks for it in the Stripe Dashboard.",
        "Stripe pays out only when you ask for it in the Stripe Dashboard.",
    ),
    "schedule.disabled": "Stripe has turned payouts off.",
    "schedule.unknown": "Stripe reports a schedule that this version of ConnectQL does not know.",
    # The tasks, and the reasons why no payout comes.
    "finances.failed": (
        "{count} of the latest payouts came back from the bank.",
        "{count} of your latest payouts came back from the bank.",
    ),
    "finances.failed.one": (
        "A payout of {amounts} came back from the bank.",
        "Your payout of {amounts} came back from the bank.",
    ),
    "finances.debits_failed": (
        "The bank refused {count} of the latest debits of Stripe, so the balance stays negative.",
        "Your bank refused {count} of the latest debits of Stripe, so your balance stays negative.",
    ),
    "finances.debits_failed.one": (
        "The bank refused a debit of {amounts}, so the balance stays negative.",
        "Your bank refused a debit of {amounts}, so your balance stays negative.",
    ),
    "finances.debits_late": "A debit of {amounts} should have filled the Stripe balance some days ago.",
    "finances.negative": (
        "The Stripe balance is negative: {amounts}. New payments fill it before Stripe pays out again.",
        "Your Stripe balance is negative: {amounts}. New payments fill it before Stripe pays out again.",
    ),
    "finances.late": "{amounts} should have arrived at the bank some days ago.",
    "finances.reserved": "Stripe holds {amounts} back as a reserve, and releases it automatically.",
    "payouts.manual": (
        "The schedule is manual, and {amounts} is available. Stripe pays it out only when the merchant asks.",
        "Your schedule is manual, and {amounts} is available. Stripe pays it out only when you ask.",
    ),
    "payouts.minimum": "The available {amounts} is not above the minimum that stays in the balance.",
    "payouts.pending": "{amounts} is not available yet, because Stripe settles payments some days later.",
    "payouts.nothing": "There is no money in the Stripe balance.",
    "payouts.coming": "{amounts} is on its way to the bank.",
    # Obstacles that follow from the account.
    "obstacle.creating": "The account is still being created at Stripe.",
    "obstacle.closed": "The account is closed.",
    "obstacle.disconnected": "The account is no longer connected to the platform.",
    "obstacle.unknown": "Stripe has not reported the status of the account yet.",
    "obstacle.rejected": "Stripe has rejected the account.",
    "obstacle.rejected.platform": "The account was rejected at the platform's request.",
    "obstacle.information": "Stripe needs information for {capabilities}.",
    "obstacle.review": "Stripe is reviewing the information for {capabilities}.",
    "obstacle.unsupported": "Stripe does not offer {capabilities} to this business.",
    "obstacle.not_requested": "The platform has not requested {capabilities} for the account.",
    "obstacle.restricted": "Stripe has restricted {capabilities}.",
    # What to do.
    "remedy.wait": "Wait; nothing needs to be done.",
    "remedy.refresh": ("Refresh the merchant in a moment.", "Look again in a moment."),
    "remedy.replace_account": (
        "Open another account for the merchant with replaceAccount.",
        "Ask the platform to open another account.",
    ),
    "remedy.appeal": (
        "The merchant can appeal in the Stripe Dashboard.",
        "You can appeal in the Stripe Dashboard.",
    ),
    "remedy.contact_stripe": ("Ask the merchant to contact Stripe support.", "Contact Stripe support."),
    "remedy.contact_platform": ("Talk to the merchant.", "Ask the platform."),
    "remedy.provide": (
        "Ask the merchant to provide the information: see `nextAction`.",
        "Provide the information that Stripe asks for.",
    ),
    "remedy.request": (
        "Request the capability for the account.",
        "Ask the platform to request it for your account.",
    ),
    "remedy.negative": (
        "Wait for new payments, or ask the merchant to add money in the Stripe Dashboard.",
        "Wait for new payments, or add money in the Stripe Dashboard.",
    ),
    "remedy.late": (
        (
            "Ask the merchant to give the payout's trace ID to the bank. Stripe support can look for the "
            "payout, too."
        ),
        "Give the payout's trace ID to your bank. Stripe support can look for the payout, too.",
    ),
    "remedy.followed": "Wait for the next payout, which is on its way to another bank account.",
    "remedy.debit_late": "Wait for the debit. Stripe support can look for it.",
    "remedy.manual": (
        "Ask the merchant to pay out in the Stripe Dashboard, or to set another schedule there.",
        "Pay out in the Stripe Dashboard, or set another schedule there.",
    ),
    "remedy.minimum": (
        "Ask the merchant to lower the minimum balance in the Stripe Dashboard.",
        "Lower the minimum balance in the Stripe Dashboard.",
    ),
    # Next actions, short enough for buttons.
    "action.fix_bank": "Fix the bank account for payouts in the Stripe Dashboard",
    "action.debit": "Look at the refused debit in the Stripe Dashboard",
    "action.negative": "Look at the negative balance in the Stripe Dashboard",
    # Payouts.
    "payout.pending": "Stripe has created the payout, and sends it soon.",
    "payout.in_transit": "The payout is on its way to the bank.",
    "payout.late": "The payout should have arrived some days ago.",
    "payout.paid": "The payout was sent. The bank may need a day to show it, and can still return it.",
    "payout.canceled": "The payout was canceled, and the money is back in the Stripe balance.",
    "payout.debit.pending": "Stripe debits the bank account soon, to fill the negative balance.",
    "payout.debit.in_transit": "Stripe debits the bank account, to fill the negative balance.",
    "payout.debit.late": "The debit of the bank account should have filled the balance some days ago.",
    "payout.debit.paid": "Stripe has debited the bank account. The bank can still refuse the debit.",
    "payout.debit.canceled": "The debit of the bank account was canceled.",
    "payout.unknown": "Stripe reports a state of the payout that this version of ConnectQL does not know.",
    "payout.failed.closed": "The bank account is closed.",
    "payout.failed.frozen": "The bank does not let this account receive payouts.",
    "payout.failed.details": "The details of the bank account look wrong.",
    "payout.failed.holder": "The holder's name, address or tax number differs from the bank's records.",
    "payout.failed.branch": "The bank branch changed hands, and the old details no longer work.",
    "payout.failed.currency": "The bank account does not take this currency.",
    "payout.failed.debits": "The bank refuses debits on this account, which Stripe needs.",
    "payout.failed.declined": "The bank declined the payout without a clear reason.",
    "payout.failed.balance": "The Stripe balance, or the bank account for a debit, was too low.",
    "payout.failed.debit.balance": "The bank account has too little money for Stripe's debit.",
    "payout.failed.debit.declined": "The bank declined the debit without a clear reason.",
    "payout.failed.debit.frozen": "The bank does not let Stripe debit this account.",
    "payout.failed.debit.unknown": "The bank refused the debit.",
    "payout.failed.card": "The debit card cannot receive this payout.",
    "payout.failed.unknown": "The payout came back.",
    "payout.remedy.closed": "Add another bank account in the Stripe Dashboard.",
    "payout.remedy.frozen": "Ask the bank, or add another bank account in the Stripe Dashboard.",
    "payout.remedy.details": "Check the account number and the bank code in the Stripe Dashboard.",
    "payout.remedy.holder": "Correct the holder's details in the Stripe Dashboard, or at the bank.",
    "payout.remedy.branch": "Ask the bank for the new details, and enter them in the Stripe Dashboard.",
    "payout.remedy.currency": "Add a bank account for this currency in the Stripe Dashboard.",
    "payout.remedy.debits": "Ask the bank to allow debits, or add another account in the Stripe Dashboard.",
    "payout.remedy.declined": "Ask the bank, or add another bank account in the Stripe Dashboard.",
    "payout.remedy.balance": "Wait until the balance is high enough.",
    "payout.remedy.debit.balance": "Deposit money into the bank account, or wait for new payments.",
    "payout.remedy.card": "Add a bank account in the Stripe Dashboard in place of the card.",
    "payout.remedy.unknown": "Look at the payout in the Stripe Dashboard.",
}
