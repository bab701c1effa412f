"""The root fields that the query compiler supports. A new noun adds its fields here."""

from collections.abc import Mapping

from resolvers.merchants import merchant_list, merchant_lookup
from resolvers.relay.documents import Listing, One

Root = One | Listing

ROOTS: Mapping[str, Root] = {"merchant": merchant_lookup.ONE, "merchants": merchant_list.LISTING}
