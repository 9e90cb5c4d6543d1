"""What may be fetched, how much of it, and how politely: values of the caller's, checked when they are made."""

from dataclasses import dataclass, fields

from index.fetching.addresses import Allowance

__all__ = ["CONTENT_TYPES", "Policy"]

CONTENT_TYPES = (
    "text/html",
    "application/xhtml+xml",
    "text/plain",
    "text/markdown",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/xml",
    "text/xml",
    "application/gzip",
    "application/x-gzip",
)
"""What articles, feeds and sitemaps come as."""

_MAX_PORT = 65_535


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Bounds of a fetch. Raises ValueError for a value that cannot be meant.

    `max_bytes` bounds an answer as sent and again as unpacked; `max_seconds` everything from the look-up of the name to
    the last byte over all redirects, but not the waiting between requests. `allow_private` names hosts (exactly),
    addresses or CIDRs that may be private; it opens no metadata address of a cloud unless that address itself stands
    in it.
    """

    max_bytes: int = 10_000_000
    max_seconds: float = 20.0
    max_redirects: int = 5
    max_headers: int = 100
    max_header_bytes: int = 32_768
    ports: tuple[int, ...] = (80, 443, 8080, 8443)
    content_types: tuple[str, ...] = CONTENT_TYPES
    allow_private: tuple[str, ...] = ()
    host_delay: float = 1.0
    max_host_delay: float = 30.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, int | float) and not 0 <= value < float("inf"):
                raise ValueError(f"{field.name} must be a number of at least 0, not {value!r}")
            if isinstance(value, str):  # a text is a tuple of its letters to everything that reads one
                raise ValueError(f"{field.name} must be several texts, not one")  # noqa: TRY004
        if not self.ports or not all(0 < port <= _MAX_PORT for port in self.ports):
            raise ValueError(f"ports must be numbers from 1 to {_MAX_PORT:,}, not {self.ports!r}")
        Allowance.of(self.allow_private)
