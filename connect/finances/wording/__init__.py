"""Texts about balances and payouts: for merchants and the platform's staff."""

from connect.finances.wording.sentences import SENTENCES as SENTENCES
