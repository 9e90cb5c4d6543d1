"""URLs, read strictly: whatever two programs could understand differently is refused or made plain.

A host is kept in the one spelling that everything after this module uses: lower case, IDNA, without a final dot, an
IPv6 address compressed and without brackets. A host that ends in a number must be four plain decimal numbers, as in the
WHATWG URL standard; `127.1`, `0x7f.1`, `0177.0.0.1` and `2130706433` are what a C library would take for an address.
"""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

import idna

from index.fetching.errors import UrlRefusedError, shown

__all__ = ["Address", "Url", "join_url", "parse_url", "plain_host"]

Address = IPv4Address | IPv6Address
"""An IP address."""

_MAX_URL = 4_096
_MAX_HOST = 253
_PORTS = {"http": 80, "https": 443}
_AROUND = " \t\r\n\f"
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.DOTALL)
_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{0,5}))?")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_DOT = re.compile(r"%2e", re.IGNORECASE)
_KEPT = "/?:@!$&'()*+,;=-._~%[]"


@dataclass(frozen=True)
class Url:
    """An http or https URL in plain spelling; `target` is its path and query, as sent to the server."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def netloc(self) -> str:
        """Return host and port as the Host header has them: the scheme's own port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Return scheme, host and port, for which one robots.txt stands."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def address(self) -> Address | None:
        """Return the host as an address, or None where it is a name."""
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None

    def at(self, target: str) -> "Url":
        """Return the URL of another path of this origin."""
        return Url(self.scheme, self.host, self.port, target)

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"


def parse_url(text: str, ports: Collection[int]) -> Url:
    """Read a URL; a fragment is dropped, dots in its path are resolved. Raises UrlRefusedError."""
    text = text.strip(_AROUND)
    match = _URL.fullmatch(text) if len(text) <= _MAX_URL and not _FORBIDDEN.search(text) else None
    if match is None:
        raise UrlRefusedError(
            f"{shown(text)}: is not a URL that is fetched; "
            f"write http:// or https://, a host and a path, at most {_MAX_URL:,} characters, no backslash or tab"
        )
    scheme, authority, path, query = match[1].lower(), match[2], match[3], match[4] or ""
    if scheme not in _PORTS:
        raise UrlRefusedError(f"{shown(text)}: only http and https are fetched")
    if "@" in authority:
        raise UrlRefusedError(f"{shown(text)}: carries credentials or an @ before its host; take them out")
    host, port = _split(authority, text)
    number = int(port) if port else _PORTS[scheme]
    if number not in ports:
        allowed = ", ".join(map(str, sorted(ports)))
        raise UrlRefusedError(f"{shown(text)}: its port is not one that is fetched from ({allowed})")
    return Url(scheme, host, number, _target(path, query, text))


def join_url(base: Url, location: str, ports: Collection[int]) -> Url:
    """Read the target of a redirect, which may be relative. Raises UrlRefusedError."""
    location = location.strip(_AROUND)
    if _FORBIDDEN.search(location) or len(location) > _MAX_URL:  # urljoin would drop tabs and newlines
        raise UrlRefusedError(f"{shown(location)}: is not a URL that is fetched; {shown(str(base))} leads there")
    try:
        joined = urljoin(str(base), location)
    except ValueError as exc:
        raise UrlRefusedError(f"{shown(location)}: is not a URL; {shown(str(base))} leads there") from exc
    return parse_url(joined, ports)


def plain_host(host: str) -> str | None:
    """Return a host (an IPv6 address in brackets) in its plain spelling, or None if it has none."""
    if host.startswith("["):
        return _plain_ipv6(host[1:-1])
    if not host.isascii():
        host = _to_ascii(host)
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > _MAX_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if not _NUMBER.fullmatch(labels[-1]):
        return host
    try:
        return str(IPv4Address(host))
    except ValueError:
        return None


def _plain_ipv6(text: str) -> str | None:
    try:
        address = IPv6Address(text)
    except ValueError:
        return None
    return None if address.scope_id is not None else str(address)


def _to_ascii(host: str) -> str:
    """Return a host as IDNA 2008 has it after the mapping of UTS 46; an empty text if it has no such form."""
    try:
        return idna.encode(host[: _MAX_HOST + 1], uts46=True).decode("ascii")
    except UnicodeError:  # IDNAError is one
        return ""


def _split(authority: str, text: str) -> tuple[str, str]:
    match = _AUTHORITY.fullmatch(authority)
    host = plain_host(match[1]) if match else None
    if match is None or host is None:
        raise UrlRefusedError(
            f"{shown(text)}: its host is not a plain name or address; "
            "write names as in the DNS, and addresses as four decimal numbers or in brackets"
        )
    return host, match[2] or ""


def _target(path: str, query: str, text: str) -> str:
    try:
        return _quoted(_without_dots(path)) + _quoted(query)
    except UnicodeEncodeError as exc:
        raise UrlRefusedError(f"{shown(text)}: has characters that have no UTF-8 form; write it anew") from exc


def _quoted(part: str) -> str:
    return quote(_PERCENT.sub("%25", part), safe=_KEPT)


def _without_dots(path: str) -> str:
    """Return a path without `.` and `..` segments (RFC 3986, 5.2.4), so that robots.txt judges what will be served."""
    kept: list[str] = []
    segments = path.split("/")[1:] or [""]
    for number, segment in enumerate(segments):
        plain = _DOT.sub(".", segment)
        if plain == "..":
            del kept[-1:]
        elif plain != ".":
            kept.append(segment)
        if plain in (".", "..") and number == len(segments) - 1:
            kept.append("")
    return "/" + "/".join(kept)
