"""Which addresses are fetched from: public ones, and private ones that the policy names.

`ipaddress` alone does not decide: `is_global` is true for multicast, for 6to4 and NAT64 addresses with a private IPv4
address inside, and for the address by which Azure answers its own machines. IPv6 is therefore a list of what may be,
not of what may not: global unicast (2000::/3), less what is special in it. Sources: the IANA special-purpose
registries.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network

from index.fetching.urls import Address, plain_host

__all__ = ["Allowance", "is_public"]

_Network = IPv4Network | IPv6Network


def _networks(*texts: str) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in texts)


_UNICAST_IPV6 = IPv6Network("2000::/3")
_SPECIAL = _networks(
    "0.0.0.0/8",  # this network; connecting to 0.0.0.0 reaches loopback
    "10.0.0.0/8",
    "100.64.0.0/10",  # shared by carriers
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",  # 6to4 relays
    "192.168.0.0/16",
    "198.18.0.0/15",  # benchmarks
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "2001::/23",  # Teredo, ORCHID, benchmarks
    "2001:db8::/32",
    "2002::/16",  # 6to4
    "3fff::/20",  # documentation
)
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",
        "169.254.170.2",  # containers of Amazon's
        "169.254.170.23",
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure, a public address by its number
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",  # Google
    )
)
"""Where clouds tell their machines secrets; no name and no network allows one of these, only the address itself."""

_ALLOWABLE = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "168.63.129.16/32",
    "::1/128",
    "fc00::/7",
)
"""What an allowance can open; never multicast, reserved, unspecified, mapped or translated addresses."""


def is_public(address: Address) -> bool:
    """Tell whether an address is of the public internet, and reaches no other address by translation."""
    if address in _METADATA or address.is_multicast or not address.is_global:
        return False
    if address.version == 6 and (address not in _UNICAST_IPV6 or address.scope_id is not None):  # noqa: PLR2004
        return False
    return not any(address in network for network in _SPECIAL)


@dataclass(frozen=True)
class Allowance:
    """Private hosts that may be fetched from."""

    names: frozenset[str] = frozenset()
    networks: tuple[_Network, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[str]) -> "Allowance":
        """Read host names, addresses and CIDRs. Raises ValueError for what is none of them."""
        names: set[str] = set()
        networks: list[_Network] = []
        for entry in entries:
            try:
                networks.append(ipaddress.ip_network(entry))
            except ValueError as exc:
                name = None if "/" in entry or ":" in entry else plain_host(entry)
                if name is None or name.replace(".", "").isdigit():
                    raise ValueError(f"{entry!r} is neither a host name nor an address or a CIDR") from exc
                names.add(name)
        return cls(frozenset(names), tuple(networks))

    def covers(self, host: str, address: Address) -> bool:
        """Tell whether `address`, found for `host`, is private and allowed."""
        if address in _METADATA:
            return any(network.num_addresses == 1 and address in network for network in self.networks)
        if not any(address in network for network in _ALLOWABLE):
            return False
        return host in self.names or any(address in network for network in self.networks)
