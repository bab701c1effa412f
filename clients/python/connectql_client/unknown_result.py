# Generated from schema.graphql and the operations by clients/python/generate.py. Do not edit.

from pydantic import Field

from .base_model import BaseModel


class UnknownResult(BaseModel):
    """A result of a mutation that this package does not know. `message` is set if it is a refusal."""

    typename__: str = Field(alias="__typename")
    message: str | None = None
