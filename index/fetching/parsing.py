"""XML of strangers: no DTD, no entities, nothing external, and no more or deeper than a feed or sitemap needs."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from index.fetching.errors import XmlError

__all__ = ["safe_xml"]

_MAX_BYTES = 10_000_000
_MAX_DEPTH = 64
_MAX_ELEMENTS = 500_000


class _TooMuchError(Exception):
    """The document goes past a bound."""


class _Builder(TreeBuilder):
    """Build a tree, and stop where it becomes too deep or too large."""

    def __init__(self, max_depth: int, max_elements: int) -> None:
        super().__init__()
        self._depth = 0
        self._max_depth = max_depth
        self._left = max_elements

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._left -= 1
        if self._depth > self._max_depth:
            raise _TooMuchError(f"is nested more than {self._max_depth} deep")
        if self._left < 0:
            raise _TooMuchError("has too many elements")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def safe_xml(
    data: bytes, *, max_bytes: int = _MAX_BYTES, max_depth: int = _MAX_DEPTH, max_elements: int = _MAX_ELEMENTS
) -> Element:
    """Parse XML to its root element. Raises XmlError."""
    if len(data) > max_bytes:
        raise XmlError(f"the XML is larger than {max_bytes:,} bytes; split it, as sitemaps can be")
    parser = DefusedXMLParser(
        target=_Builder(max_depth, max_elements), forbid_dtd=True, forbid_entities=True, forbid_external=True
    )
    try:
        parser.feed(data)  # at once: expat before 2.6 reads a long token anew with every piece
        root: Element = parser.close()
    except _TooMuchError as exc:
        raise XmlError(f"the XML {exc}; a feed or sitemap needs less") from exc
    except DefusedXmlException as exc:
        raise XmlError("the XML has a DTD or entities, which are not read; its publisher must leave them out") from exc
    except (ParseError, LookupError, ValueError) as exc:
        raise XmlError("the XML is not well-formed; tell its publisher, or give the pages themselves") from exc
    return root
