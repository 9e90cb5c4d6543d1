"""What a page calls itself and the site it belongs to, and in which language it is."""

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement  # type: ignore[import-untyped]

from index.extracting.tidy import field_text, words_of

__all__ = ["language_code", "main_heading", "outlet_name", "page_title", "site_in_title"]

_PARTED = re.compile(r"\s+[|–—·»«•:-]\s+|\s*[_|]\s*(?=\S)")
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9_-]+)?", re.IGNORECASE)
_LEAST_WORDS_LEFT = 3


def page_title(tree: HtmlElement, outlet: str | None) -> str | None:
    """Return the text of `title` without the outlet's name at its end."""
    title = field_text(tree.findtext(".//title"))
    if not title:
        return None
    parts = list(_PARTED.finditer(title))
    if parts and outlet and words_of(title[parts[-1].end() :]) == words_of(outlet):
        return title[: parts[-1].start()].rstrip()
    return title


def main_heading(tree: HtmlElement) -> str | None:
    """Return the only `h1`, where the title of the page has all of it: others are often the site's name."""
    headings = [text for h1 in tree.iter("h1") if (text := field_text(h1.text_content()))]
    title = words_of(tree.findtext(".//title") or "")
    return headings[0] if len(headings) == 1 and words_of(headings[0]) in title else None


def outlet_name(written: str | None) -> str | None:
    """Return the name of an outlet, unless it is an address or a handle instead of one."""
    name = (written or "").strip()
    return name if name and not name.lower().startswith(("http://", "https://", "//", "@")) else None


def site_in_title(tree: HtmlElement, url: str | None) -> str | None:
    """Return the end of `title` where the host's name is that, as in "A headline | The Guardian" on theguardian.com."""
    title = field_text(tree.findtext(".//title"))
    parts = _PARTED.split(title) if title else []
    host = (urlsplit(url).hostname or "") if url else ""
    squeezed = re.sub(r"\W", "", parts[-1]).casefold() if len(parts) > 1 else ""
    return parts[-1] if len(squeezed) >= _LEAST_WORDS_LEFT and squeezed in re.sub(r"\W", "", host) else None


def language_code(written: str | None) -> str | None:
    """Return the ISO 639 code of a language tag such as "en-GB" or "pt_BR"."""
    match = _LANGUAGE.fullmatch((written or "").strip())
    return match[1].lower() if match and match[1].lower() not in ("und", "mul", "zxx") else None
