"""Where a link may lead: to a place in the page, or to an address of the web."""

import re
from urllib.parse import quote

__all__ = ["anchor", "fragment", "web_address"]

_WEB_ADDRESS = re.compile(r"https?://[^\s\\\"'<>`\x00-\x20\x7f-\xa0]+", re.IGNORECASE)


def anchor(case_id: str) -> str:
    """Return the id of a case's element."""
    return f"case-{case_id}"


def fragment(identifier: str) -> str:
    """Return the part of an address that leads to an element; ids of cases may hold `#`."""
    return "#" + quote(identifier, safe="")


def web_address(url: str | None) -> str | None:
    """Return `url` where it is an address of http or https that may be a link, else None."""
    return url if url and _WEB_ADDRESS.fullmatch(url) else None
