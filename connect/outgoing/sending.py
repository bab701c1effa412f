"""Sends one delivery to an endpoint, and only to an address that is allowed.

Each attempt resolves the host, checks all its addresses, and connects to a checked address. So it has no
effect if the host's addresses change after the check. The certificate is verified for the host's name.
Redirects are not followed, and the environment variables for proxies are ignored.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpx

from connect.outgoing.rules.addresses import Address, PrivateHosts, is_allowed
from connect.outgoing.rules.attempts import DeliveryError, Result

# The time for one attempt, from the lookup of the host to the end of the answer.
SECONDS = 15.0
RESOLVE_SECONDS = 5.0
# The time to open a connection to one address, and the number of addresses that are tried.
CONNECT_SECONDS, MAX_ADDRESSES = 4.0, 3
# The answer is read up to this size, so that the connection can be used again.
MAX_ANSWER = 64 * 1024
# The maximum number of connections to one endpoint.
CONNECTIONS = 10
# The number of threads that wait for name servers: one for each endpoint, and some to check the addresses of
# new endpoints.
RESOLVERS = 24

_threads = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")
_questions: dict[tuple[asyncio.AbstractEventLoop, str, int], "asyncio.Future[list[Any]]"] = {}


def trusted() -> ssl.SSLContext:
    """A context that trusts the authorities in `SSL_CERT_FILE` or `SSL_CERT_DIR`, or else certifi's
    authorities.
    """
    return httpx.create_ssl_context()


def open_client(context: ssl.SSLContext) -> httpx.AsyncClient:
    """A client for one endpoint. Two endpoints must not share connections, because a connection is verified
    for one host, and several hosts can have the same address.
    """
    return httpx.AsyncClient(
        verify=context,
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=CONNECTIONS),
    )


async def send(
    client: httpx.AsyncClient, url: str, headers: Mapping[str, str], body: bytes, private: PrivateHosts
) -> Result:
    """Make one attempt. A failure of the endpoint or of the lookup of its name is returned and not raised."""
    try:
        async with asyncio.timeout(SECONDS):
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
            addresses = await resolve(host, port)
            if not addresses:
                return Result(error=DeliveryError.HOST_NOT_FOUND)
            if not is_allowed(host, addresses, private):
                return Result(error=DeliveryError.ADDRESS_NOT_ALLOWED)
            return await _send_to_first(client, parts, addresses, headers, body)
    except (TimeoutError, httpx.TimeoutException):
        return Result(error=DeliveryError.TIMED_OUT)
    except (httpx.HTTPError, httpx.InvalidURL, OSError):
        return Result(error=DeliveryError.CONNECTION_FAILED)


async def resolve(host: str, port: int) -> list[Address]:
    """The addresses of a host. The list is empty if the lookup fails."""
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await asyncio.shield(_question(host, port))
    except (TimeoutError, OSError, UnicodeError):
        return []
    # A link-local address has the name of its network interface after a percent sign.
    return list(dict.fromkeys(ip_address(str(one[4][0]).partition("%")[0]) for one in found))


def _question(host: str, port: int) -> "asyncio.Future[list[Any]]":
    """The running DNS lookup of a host, or a new one.

    A thread waits for the answer, even after RESOLVE_SECONDS. Each host and port has at most one thread. The
    event loop's own threads, which look up Stripe's address, are not used. So a name server that does not
    answer delays only the deliveries to its own hosts.
    """
    loop = asyncio.get_running_loop()
    key = loop, host, port

    def forget(done: "asyncio.Future[list[Any]]") -> None:
        del _questions[key]
        done.exception()  # otherwise asyncio would log the error as unhandled

    if key not in _questions:
        ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        _questions[key] = loop.run_in_executor(_threads, ask)
        _questions[key].add_done_callback(forget)
    return _questions[key]


async def _send_to_first(
    client: httpx.AsyncClient,
    parts: SplitResult,
    addresses: list[Address],
    headers: Mapping[str, str],
    body: bytes,
) -> Result:
    """Send to the first address that accepts a connection."""
    *first, last = addresses[:MAX_ADDRESSES]
    for address in first:
        try:
            return await _send(client, parts, address, headers, body)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _send(client, parts, last, headers, body)


async def _send(
    client: httpx.AsyncClient, parts: SplitResult, address: Address, headers: Mapping[str, str], body: bytes
) -> Result:
    literal = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    pinned = parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal).geturl()
    extensions = {"sni_hostname": parts.hostname} if parts.scheme == "https" else {}
    request = client.build_request(
        "POST",
        pinned,
        content=body,
        headers={**headers, "host": parts.netloc, "user-agent": "ConnectQL"},
        extensions=extensions,
    )
    response = await client.send(request, stream=True)
    try:
        size = 0
        async for chunk in response.aiter_raw():
            size += len(chunk)
            if size > MAX_ANSWER:
                break
    finally:
        await response.aclose()
    return Result(status=response.status_code)
