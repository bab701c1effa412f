"""The network addresses to which events may be delivered. Pure.

An endpoint's host is chosen by a caller of the API, so a delivery must not reach a private network: a
metadata service, a database, or this service itself.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The addresses of https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast and reserved
# addresses. The last address is public, but on a virtual machine of Azure it leads to the machine's host.
_REFUSED_V4 = tuple(
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"),
        *("192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
        *("224.0.0.0/3", "168.63.129.16/32"),
    )
)
# In IPv6, only global unicast addresses are public. The exceptions are the ranges for protocol assignments
# (including Teredo), documentation, 6to4 and AS112
# (https://www.iana.org/assignments/iana-ipv6-special-registry).
_PUBLIC_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
_NAME = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
# An IPv6-only network reaches IPv4 addresses through this prefix (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")

HTTPS_PORT, FIRST_UNRESERVED_PORT = 443, 1024


@dataclass(frozen=True, slots=True)
class PrivateHosts:
    """The private hosts that the settings allow: names in lower case, and networks."""

    names: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    def allows(self, host: str, addresses: Iterable[Address]) -> bool:
        """Whether the settings list the host's name, or list networks that contain all its addresses."""
        found = [_inner(address) for address in addresses]
        return host.lower() in self.names or (bool(found) and all(map(self._contains, found)))

    def _contains(self, address: Address) -> bool:
        return any(address in network for network in self.networks)


def read_private_hosts(values: Sequence[str]) -> PrivateHosts:
    """Read names, addresses and networks. Raises ValueError for an invalid network, such as 10.0.0.1/8."""
    names, networks = set[str](), list[Network]()
    for value in values:
        if "/" in value or _literal(value) is not None:
            networks.append(ip_network(value.strip("[]")))
        else:
            names.add(value.lower())
    return PrivateHosts(frozenset(names), tuple(networks))


def private_host_problem(value: str) -> str | None:
    """The reason why this is not a host name, an address or a network. None if the text is valid."""
    try:
        read_private_hosts([value])
    except ValueError:
        return "is not a network. Write a network such as 10.0.0.0/8 or fd00::/8."
    if "/" in value or _literal(value) is not None or _NAME.fullmatch(value):
        return None
    return "is not a host name. Write a name such as hooks.internal, without a scheme and a port."


def is_public(address: Address) -> bool:
    """Whether this address, or the IPv4 address that it embeds, is on the public internet."""
    address = _inner(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _REFUSED_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _REFUSED_V6)


def is_allowed(host: str, addresses: Sequence[Address], private: PrivateHosts) -> bool:
    """Whether events may be delivered to this host with these addresses.

    If one address is refused, the host is refused, because its owner could choose the address that is used.
    """
    if private.allows(host, addresses):
        return True
    return bool(addresses) and all(map(is_public, addresses))


def is_allowed_port(port: int) -> bool:
    """Whether events may be delivered to this port: 443, or any port from 1024 on. The other ports belong to
    other services, such as mail.
    """
    return port == HTTPS_PORT or port >= FIRST_UNRESERVED_PORT


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address embeds. Any other address is returned unchanged."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host.strip("[]"))
    except ValueError:
        return None
