"""The one form of all ways to write a URL (RFC 3986, section 6; host names by UTS 46), by which an article is known.

It leaves out what tracks readers. An article's id is made of it (`index.articles.derived_id`), so a change here needs a
step in `index.ledger.migrations` that lets stored articles keep theirs.
"""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

import idna

from index.errors import AddressError

__all__ = ["normalise_url"]

_PORTS = {"http": 80, "https": 443}
_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "fb_action_", "at_custom")
_TRACKING = frozenset(
    {
        "fbclid",
        "gclid",
        "gclsrc",
        "dclid",
        "gbraid",
        "wbraid",
        "msclkid",
        "ttclid",
        "twclid",
        "yclid",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "_ga",
        "_gl",
        "_hsenc",
        "_hsmi",
        "vero_id",
        "vero_conv",
        "oly_anon_id",
        "oly_enc_id",
        "gad_source",
        "gad_campaignid",
        "fb_source",
        "ncid",
        "cmpid",
        "ocid",
        "smid",
        "s_cid",
        "wt_mc",
        "wickedid",
        "srsltid",
        "at_campaign",
        "at_medium",
    }
)
_UNRESERVED = r"A-Za-z0-9._~\-"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_PATH_ILLEGAL = re.compile(rf"[^{_UNRESERVED}!$&'()*+,;=:@/%]|%(?![0-9A-Fa-f]{{2}})")
_QUERY_ILLEGAL = re.compile(rf"[^{_UNRESERVED}!$&'()*+,;=:@/?%]|%(?![0-9A-Fa-f]{{2}})")
_PLAIN = re.compile(rf"[{_UNRESERVED}]")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_AROUND = "".join(map(chr, range(0x21)))
_BREAKS = re.compile(r"[\t\r\n]+")
_LONGEST = 4_000


def normalise_url(url: str) -> str:
    """Return the one form of an http or https URL; a URL in that form stays as it is.

    Scheme and host come in lower case and the host as ASCII without a final dot; the default port, the fragment, user
    and password, dot segments and tracking parameters go; escapes are written in one way. Order and case of the rest
    mean something, and stay. Raises AddressError.
    """
    shown = url[:100]
    try:
        parts = urlsplit(_BREAKS.sub("", url).strip(_AROUND))
        port = parts.port
    except ValueError as exc:
        raise AddressError(f"the URL {shown!r} cannot be read ({exc})") from exc
    if parts.scheme not in _PORTS or not parts.hostname or len(url) > _LONGEST:
        raise AddressError(
            f"the URL {shown!r} is not one of a page; write http:// or https:// and a host, "
            f"{_LONGEST:,} characters at most"
        )
    host = _host(parts.hostname, shown)
    netloc = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    path = _without_dots(_escaped(parts.path, _PATH_ILLEGAL)) or "/"
    return urlunsplit(SplitResult(parts.scheme, netloc, path, _query(parts.query), ""))


def _host(name: str, shown: str) -> str:
    """Return a host as it is looked up: ASCII in lower case, or an IPv6 address in brackets."""
    if ":" in name:
        try:
            return f"[{ipaddress.IPv6Address(name).compressed}]"
        except ValueError as exc:
            raise AddressError(f"the URL {shown!r} has no readable host ({exc})") from exc
    try:
        ascii_name = idna.encode(name, uts46=True, transitional=False).decode().lower().rstrip(".")
    except (idna.IDNAError, UnicodeError):
        ascii_name = name.lower().rstrip(".")  # an underscore, say, which resolvers take and IDNA does not
    if not _HOST.fullmatch(ascii_name):
        raise AddressError(f"the URL {shown!r} has no readable host")
    return ascii_name


def _query(query: str) -> str:
    parts = [part for part in query.split("&") if part and not _tracks(part.partition("=")[0])]
    return _escaped("&".join(parts), _QUERY_ILLEGAL)


def _tracks(name: str) -> bool:
    lowered = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), name).lower()
    return lowered in _TRACKING or lowered.startswith(_TRACKING_PREFIXES)


def _escaped(text: str, illegal: re.Pattern[str]) -> str:
    """Escape what must be, unescape what need not be, and write all escapes in upper case."""
    quoted = illegal.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace")), text)
    return _ESCAPE.sub(_shortest, quoted)


def _shortest(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if _PLAIN.fullmatch(character) else match[0].upper()


def _without_dots(path: str) -> str:
    """Return a path without `.` and `..` (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept)
