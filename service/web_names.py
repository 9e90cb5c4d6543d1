"""Names of hosts and origins as browsers and other clients send them, so that what is set compares with those."""

import ipaddress
import re

__all__ = ["host_of_header", "host_to_allow", "origin_to_allow"]

_HOST = r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?P<port>:\d{1,5})?"
_HEADER = re.compile(_HOST)
_ORIGIN = re.compile(rf"(?P<scheme>[a-z][a-z0-9+.-]*)://{_HOST}/?")
_UNSAID_PORTS = {"http": ":80", "https": ":443"}


def host_of_header(header: str) -> str | None:
    """Return the host of a Host header in small letters, without port and brackets, or None where it is none."""
    found = _HEADER.fullmatch(header.lower())
    return found["host"].strip("[]") if found else None


def host_to_allow(text: str) -> str:
    """Return the host that a person wrote, as `host_of_header` gives it. Raises ValueError for one that cannot be."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        host = host_of_header(text)
    if host is None:
        raise ValueError(f"{text!r} is no host name; write docs.example, as a client sends it")
    return host_to_allow(host) if ":" in host else host


def origin_to_allow(text: str) -> str:
    """Return the origin that a person wrote, as browsers send it. Raises ValueError for one that cannot be."""
    found = _ORIGIN.fullmatch(text.lower())
    if not found:
        raise ValueError(f"{text!r} is no origin; write https://docs.example, as a browser sends it")
    port = found["port"] or ""
    return f"{found['scheme']}://{found['host']}{'' if port == _UNSAID_PORTS.get(found['scheme']) else port}"
