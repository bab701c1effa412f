"""The states of an endpoint. Pure."""

import enum


class EndpointState(enum.Enum):
    ENABLED = "ENABLED"
    # A caller of the API has paused the endpoint.
    PAUSED = "PAUSED"
    # The service has disabled the endpoint: all attempts failed for days, or it answered 410 Gone.
    DISABLED = "DISABLED"
