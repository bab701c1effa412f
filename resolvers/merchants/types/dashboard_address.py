"""Fields with an address in Stripe's Dashboard."""

from typing import Any

import strawberry

from connect.merchants.rules.document import Document
from resolvers.common.scalars import URL
from resolvers.execution import compiled_selection
from resolvers.execution.context import Info


def dashboard_address(description: str, key: str = "url") -> Any:
    """A nullable field for an address in Stripe's Dashboard. `key` is the address's key in the document."""

    def resolve(source: strawberry.Parent[Document], info: Info) -> URL | None:
        address = source[key]
        return URL(info.context.relocate(address)) if address is not None else None

    return strawberry.field(resolver=resolve, description=description, metadata=compiled_selection.DASHBOARD)
