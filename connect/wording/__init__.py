"""Plain words for what Stripe asks, finds and refuses.

Merchants read requirements, their errors and capabilities; refusals are for the platform's developer.
"""

from connect.wording.capabilities import capability as capability
from connect.wording.capabilities import capability_detail as capability_detail
from connect.wording.errors import requirement_error as requirement_error
from connect.wording.refusals import refusal as refusal
from connect.wording.requirements import requirement as requirement
from connect.wording.words import Wording as Wording
