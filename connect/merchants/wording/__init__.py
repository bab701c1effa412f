"""Explanations of Stripe's requirements, errors, capabilities and refusals.

Merchants read the texts about requirements, errors and capabilities. Developers of the platform read the
texts about refusals.
"""

from connect.merchants.wording.capabilities import capability as capability
from connect.merchants.wording.capabilities import capability_detail as capability_detail
from connect.merchants.wording.errors import requirement_error as requirement_error
from connect.merchants.wording.people import person_label as person_label
from connect.merchants.wording.refusals import refusal as refusal
from connect.merchants.wording.requirements import group as group
from connect.merchants.wording.requirements import requirement as requirement
from connect.merchants.wording.sentences import parameters as parameters
from connect.merchants.wording.sentences import render as render
from connect.merchants.wording.withheld import is_neutral_reason as is_neutral_reason
from connect.merchants.wording.withheld import neutral_detail as neutral_detail
from connect.merchants.wording.withheld import neutral_error as neutral_error
from connect.merchants.wording.withheld import neutral_key as neutral_key
from connect.merchants.wording.words import Wording as Wording
