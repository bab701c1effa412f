"""The states of an endpoint. Pure."""

import enum


class EndpointState(enum.Enum):
    ENABLED = "ENABLED"
    # By a caller of the API.
    PAUSED = "PAUSED"
    # After failures.
    DISABLED = "DISABLED"
