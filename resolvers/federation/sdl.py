"""The schema of the subgraph as text, with the directives of Apollo Federation."""

import dataclasses
import functools
from typing import Any

import graphql
import strawberry
from strawberry.printer import print_schema

from resolvers.common import names
from resolvers.federation.entities import ENTITIES

# Every router that supports Federation 2 knows these directives.
LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])'
# Types and fields of the protocol between router and subgraph. The router adds them itself.
PROTOCOL = {"_Any", "_Entity", "_Service", "_entities", "_service"}
# Every subgraph with Relay's connections defines this type with the same fields.
SHAREABLE = {"PageInfo"}


# Printing takes long enough to delay other requests, so the texts are cached.
@functools.lru_cache(maxsize=4)
def print_subgraph(schema: strawberry.Schema) -> str:
    """The schema definition for routers and composition."""
    types = schema._schema.type_map  # noqa: SLF001
    document = graphql.parse(print_schema(schema), no_location=True)
    definitions = [
        _with_directives(node, names.of_type(types[node.name.value]))
        if isinstance(node, graphql.ObjectTypeDefinitionNode)
        else node
        for node in document.definitions
        if getattr(getattr(node, "name", None), "value", None) not in PROTOCOL
    ]
    return f"{LINK}\n\n{graphql.print_ast(graphql.DocumentNode(definitions=tuple(definitions)))}\n"


def _with_directives(node: graphql.ObjectTypeDefinitionNode, name: str) -> Any:
    keys = [key.fields for entity in ENTITIES if entity.name == name for key in entity.keys]
    added = [_directive("key", fields=fields) for fields in keys]
    if name in SHAREABLE:
        added.append(_directive("shareable"))
    fields = tuple(field for field in node.fields or () if field.name.value not in PROTOCOL)
    return dataclasses.replace(node, directives=(*(node.directives or ()), *added), fields=fields)


def _directive(name: str, **arguments: str) -> graphql.ConstDirectiveNode:
    return graphql.ConstDirectiveNode(
        name=graphql.NameNode(value=name),
        arguments=tuple(
            graphql.ConstArgumentNode(
                name=graphql.NameNode(value=key), value=graphql.StringValueNode(value=value, block=False)
            )
            for key, value in arguments.items()
        ),
    )
