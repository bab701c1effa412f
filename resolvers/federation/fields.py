"""The root fields of a subgraph: `_service` and `_entities`."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, NewType, Union

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from resolvers.execution.context import Info
from resolvers.federation import entities, sdl
from resolvers.federation.names import Subgraph

Representation = NewType("Representation", object)


def _parse_representation(value: object) -> object:
    if not isinstance(value, dict):
        raise GraphQLError("It must be an object with `__typename` and the fields of a key.")
    return value


SCALARS: Mapping[object, ScalarDefinition] = {
    Representation: strawberry.scalar(
        name="_Any",
        description="A reference to an entity: its type (`__typename`) and the fields of one of its keys.",
        parse_value=_parse_representation,
    )
}


@strawberry.type(name="_Service", description="This subgraph.")
class Service:
    sdl: str = strawberry.field(description="The schema of this subgraph, for composition.")


def fields(subgraph: Subgraph, types: Sequence[type]) -> list[Any]:
    """The root fields of this subgraph. `types` are the types of the entities."""
    by_name = {subgraph.of_type(entity.name): entity for entity in entities.ENTITIES}
    entity_type: Any = Annotated[Union[tuple(types)], strawberry.union("_Entity")]  # noqa: UP007

    @strawberry.field(name="_service", description="The schema of this subgraph.")
    def _service(info: Info) -> Service:
        return Service(sdl=sdl.print_subgraph(info.schema))

    @strawberry.field(
        name="_entities",
        description="The entities of the given representations, in the same order. At most 1,000 "
        "representations may be given. Null for each entity that does not exist or that the caller may not "
        "see.",
        graphql_type=list[entity_type | None],
    )
    async def _entities(
        info: Info,
        representations: Annotated[
            list[Representation], strawberry.argument(description="The representations of entities.")
        ],
    ) -> list[Any]:
        info.context.raise_failure()
        references = entities.parse(representations, by_name)
        return await entities.load(info.context.principal, references)

    return [_service, _entities]
