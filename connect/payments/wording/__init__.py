"""Texts about payments: for payers, merchants and the platform's staff."""

from connect.payments.wording.declines import payer_message as payer_message
from connect.payments.wording.sentences import render as render
