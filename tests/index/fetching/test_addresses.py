import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fetching.addresses import Allowance, is_public

PUBLIC = ("93.184.216.34", "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111")
SPECIAL = ("0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "224.0.0.0/3")
TRANSLATED = (
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "2002::/16",
    "2001::/32",
    "::ffff:0:0/96",
    "::/96",
    "fec0::/10",
    "ff00::/8",
)
METADATA = ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "168.63.129.16")


@given(st.ip_addresses())
def test_what_python_calls_not_global_is_never_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """No address gets through that is not global, multicast, or outside IPv6's global unicast."""
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        assert not is_public(address)


@pytest.mark.parametrize("network", [*SPECIAL, *TRANSLATED])
@given(st.data())
def test_no_address_of_a_special_network_is_public(network: str, data: st.DataObject) -> None:
    """Translated, shared, reserved and multicast addresses are refused wherever in their network they lie."""
    assert not is_public(data.draw(st.ip_addresses(network=network)))


@given(st.ip_addresses(v=4), st.sampled_from(["64:ff9b::", "::ffff:", "::", "2002:"]))
def test_an_ipv4_address_inside_an_ipv6_one_is_never_public(inner: ipaddress.IPv4Address, prefix: str) -> None:
    """Whatever is inside, an address that another one is reached by is refused."""
    text = f"{prefix}{inner}" if prefix != "2002:" else f"2002:{int(inner) >> 16:x}:{int(inner) & 0xFFFF:x}::"
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_public(text: str) -> None:
    """Ordinary addresses, and neighbours of special networks, are fetched from."""
    assert is_public(ipaddress.ip_address(text))


def test_a_zone_is_never_public() -> None:
    """A scoped address is refused, even of a global network."""
    assert not is_public(ipaddress.ip_address("2606:4700::1111%eth0"))


@pytest.mark.parametrize(
    ("entry", "host", "address", "covered"),
    [
        ("intranet.test", "intranet.test", "10.0.0.1", True),
        ("Intranet.Test.", "intranet.test", "fd12::1", True),
        ("intranet.test", "www.intranet.test", "10.0.0.1", False),
        ("intranet.test", "other.test", "10.0.0.1", False),
        ("10.0.0.0/8", "any.test", "10.1.2.3", True),
        ("10.0.0.0/8", "any.test", "11.1.2.3", False),
        ("::1", "localhost", "::1", True),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", "127.0.0.2", False),
        ("0.0.0.0/0", "any.test", "0.0.0.0", False),  # noqa: S104
        ("::/0", "any.test", "::ffff:127.0.0.1", False),
        ("::/0", "any.test", "64:ff9b::7f00:1", False),
        ("224.0.0.0/4", "any.test", "224.0.0.1", False),
        ("fe80::/10", "any.test", "fe80::1", False),
        ("0.0.0.0/0", "any.test", "240.0.0.1", False),
    ],
)
def test_an_allowance_opens_what_it_names(entry: str, host: str, address: str, *, covered: bool) -> None:
    """A name stands for itself, a network for its private addresses; nothing opens special or translated ones."""
    assert Allowance.of([entry]).covers(host, ipaddress.ip_address(address)) is covered


@pytest.mark.parametrize("address", METADATA)
def test_metadata_addresses_are_opened_by_themselves_only(address: str) -> None:
    """Neither a name nor a network around it opens the address where a cloud tells secrets; the address does."""
    parsed = ipaddress.ip_address(address)
    around = ("meta.test", "169.254.0.0/16", "169.254.169.254/31", "fd00::/8", "100.64.0.0/10", "168.63.129.0/24")
    assert not is_public(parsed)
    assert not Allowance.of(around).covers("meta.test", parsed)
    assert Allowance.of([address]).covers("meta.test", parsed)


@pytest.mark.parametrize("entry", ["", "10.0.0.1/8", "http://a.test", "a.test:80", "127.1", "0x7f.1", "a b", "*.test"])
def test_an_entry_that_means_nothing_is_refused(entry: str) -> None:
    """What is neither a host name nor an address nor a CIDR is an error rather than without effect."""
    with pytest.raises(ValueError, match="neither a host name nor"):
        Allowance.of([entry])
