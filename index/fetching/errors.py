"""Errors of fetching, all of them kinds of IndexingError, and how a URL is shown in their messages.

FetchError
├── UrlRefusedError             the URL is not one that is fetched: its scheme, host, port or spelling
├── AddressRefusedError         the host leads to an address that is not public
├── RedirectRefusedError        too many redirects, one without a target, or one from https to http
├── RobotsError                 robots.txt is in the way
│   ├── RobotsRefusedError      it forbids the URL
│   └── RobotsUnreachableError  it cannot be read now, which forbids everything for now
├── UnresolvedError             the host name has no address
├── ConnectionFailedError       no connection, or one that broke
│   └── CertificateError        the server's certificate does not prove its name
├── TimedOutError               the time for the whole fetch is over
├── StatusError                 the server's answer is no article
├── TooLargeError               the answer is larger than allowed
├── ContentTypeError            the answer is of a kind that is not read
├── ContentEncodingError        the answer is packed in a way that is not unpacked, or its packing is broken
├── MalformedResponseError      the answer is not sound HTTP
└── XmlError                    XML that is not well-formed, or uses what is not read

Messages tell nothing of where a name led or what an address answered beyond a status, so that nobody can explore a
private network by having URLs fetched.
"""

import re

from index.errors import IndexingError

__all__ = [
    "AddressRefusedError",
    "CertificateError",
    "ConnectionFailedError",
    "ContentEncodingError",
    "ContentTypeError",
    "FetchError",
    "MalformedResponseError",
    "RedirectRefusedError",
    "RobotsError",
    "RobotsRefusedError",
    "RobotsUnreachableError",
    "StatusError",
    "TimedOutError",
    "TooLargeError",
    "UnresolvedError",
    "UrlRefusedError",
    "XmlError",
    "shown",
]

_SHOWN = 200
_QUERY = re.compile(r"[?#]")
_SEPARATOR = re.compile(r"([/\\])")


class FetchError(IndexingError):
    """A URL was not fetched; the message names the URL and the remedy."""


class UrlRefusedError(FetchError):
    """The URL is not one that is fetched."""


class AddressRefusedError(FetchError):
    """The URL's host leads to an address that is not public."""


class RedirectRefusedError(FetchError):
    """The server sends on to where, or oftener than, it is followed."""


class RobotsError(FetchError):
    """The site's robots.txt is in the way."""


class RobotsRefusedError(RobotsError):
    """The site's robots.txt forbids the URL."""


class RobotsUnreachableError(RobotsError):
    """The site's robots.txt cannot be read now."""


class UnresolvedError(FetchError):
    """The host name has no address."""


class ConnectionFailedError(FetchError):
    """The server cannot be reached, or the connection broke."""


class CertificateError(ConnectionFailedError):
    """The server's certificate does not prove its name."""


class TimedOutError(FetchError):
    """The time for the whole fetch is over."""


class StatusError(FetchError):
    """The server answered with a status that brings no article; `status` is what it was."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class TooLargeError(FetchError):
    """The answer is larger than allowed, as sent or unpacked."""


class ContentTypeError(FetchError):
    """The answer is of a kind that is not read."""


class ContentEncodingError(FetchError):
    """The answer is packed in a way that is not unpacked, or its packing is broken."""


class MalformedResponseError(FetchError):
    """The answer is not sound HTTP."""


class XmlError(FetchError):
    """XML is not well-formed, too large or too deep, or has a DTD or entities."""


def shown(url: str) -> str:
    """Return a URL as it may stand in a message: without credentials, escaped, at most 200 characters."""
    text = _without_credentials(url)
    text = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text[: _SHOWN + 1]
    )
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _without_credentials(url: str) -> str:
    """Return a URL, however it is spelled, without what stands before an @; a handle as in /@name stays."""
    parts = _SEPARATOR.split(url)
    host_at = next((i for i in range(0, len(parts), 2) if parts[i] and not parts[i].endswith(":")), 0)
    for i in range(0, len(parts), 2):
        query = None if i == host_at else _QUERY.search(parts[i])  # a password may have a ? that nobody escaped
        end = query.start() if query else len(parts[i])
        if "@" in parts[i][1:end]:
            parts[i] = parts[i][parts[i].rindex("@", 0, end) + 1 :]
        if query:
            break
    return "".join(parts)
