"""Checks of client input, before it is stored or sent to Stripe. Pure.

A check of a whole input raises InvalidInput with every invalid field. Most of these checks return the input
with its addresses in ASCII.
"""

from connect.merchants.inputs.addresses import ReturnTargets as ReturnTargets
from connect.merchants.inputs.addresses import check_return_to as check_return_to
from connect.merchants.inputs.adoptions import NewAdoption as NewAdoption
from connect.merchants.inputs.adoptions import check_adoption as check_adoption
from connect.merchants.inputs.details import Details as Details
from connect.merchants.inputs.merchants import MerchantChanges as MerchantChanges
from connect.merchants.inputs.merchants import NewMerchant as NewMerchant
from connect.merchants.inputs.merchants import check_changes as check_changes
from connect.merchants.inputs.merchants import check_for_type as check_for_type
from connect.merchants.inputs.merchants import check_new_merchant as check_new_merchant
from connect.merchants.inputs.merchants import check_replacement as check_replacement
from connect.merchants.inputs.persons import NewPerson as NewPerson
from connect.merchants.inputs.persons import check_person as check_person
from connect.merchants.inputs.refusals import explain_creation as explain_creation
from connect.merchants.inputs.refusals import name_fields as name_fields
from connect.merchants.inputs.refusals import name_person_fields as name_person_fields
