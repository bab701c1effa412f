"""Events are delivered only to public addresses and to private hosts and networks that the settings name."""

from ipaddress import ip_address

import pytest

from connect.outgoing.rules import addresses
from connect.outgoing.rules.addresses import PrivateHosts, is_allowed, is_allowed_port, is_public

PRIVATE_TEXT = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::1 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:db8::1 2002:7f00:1:: 2002:a00:1::1
fc00::1 fd00:ec2::254 fe80::1 fec0::1 ff02::1 3fff::1 4000::1
"""
PUBLIC_TEXT = """
1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 192.167.255.255 223.255.255.255
::ffff:8.8.8.8 64:ff9b::808:808 2001:4860:4860::8888 2606:4700::1111 2a00:1450:4001:830::200e
"""


def test_special_addresses_are_not_public() -> None:
    assert [text for text in PRIVATE_TEXT.split() if is_public(ip_address(text))] == []
    assert [text for text in PUBLIC_TEXT.split() if not is_public(ip_address(text))] == []


def test_a_host_with_a_private_address_is_refused_unless_the_settings_name_the_host_or_the_network() -> None:
    mixed = [ip_address("8.8.8.8"), ip_address("10.1.2.3")]
    private = addresses.read_private_hosts(["Hooks.internal", "10.0.0.0/8", "::1"])
    assert private == addresses.read_private_hosts(["hooks.internal", "10.0.0.0/8", "[::1]"])
    assert is_allowed("a.example", mixed[:1], PrivateHosts())
    for host, found, allowed in (
        ("a.example", [], private),
        ("a.example", mixed, PrivateHosts()),
        ("a.example", mixed, private),  # the private network contains only one of the addresses
        ("b.internal", [ip_address("192.168.0.1")], private),
    ):
        assert not is_allowed(host, found, allowed)
    for host, text in (("HOOKS.internal", "192.168.0.1"), ("a.example", "10.1.2.3"), ("::1", "::1")):
        assert is_allowed(host, [ip_address(text)], private)
    assert is_allowed("mapped.example", [ip_address("::ffff:10.1.2.3")], private)


def test_reserved_ports_are_refused() -> None:
    assert [port for port in (1, 22, 25, 80, 443, 1023, 1024, 6379, 65535) if is_allowed_port(port)] == [
        *(443, 1024, 6379, 65535)
    ]


@pytest.mark.parametrize(
    "text", ["http://hooks.internal", "hooks.internal:80", "a b", "10.0.0.1/8", "x/8", ""]
)
def test_an_invalid_private_host_is_reported(text: str) -> None:
    assert addresses.private_host_problem(text) is not None
    assert addresses.private_host_problem("hooks.internal") is None
