"""Explanations of Stripe's requirements, errors, capabilities and refusals.

Merchants read the texts about requirements, errors and capabilities. Developers of the platform read those
about refusals.
"""

from connect.merchants.wording.capabilities import capability as capability
from connect.merchants.wording.capabilities import capability_detail as capability_detail
from connect.merchants.wording.errors import requirement_error as requirement_error
from connect.merchants.wording.refusals import refusal as refusal
from connect.merchants.wording.requirements import requirement as requirement
from connect.merchants.wording.words import Wording as Wording
