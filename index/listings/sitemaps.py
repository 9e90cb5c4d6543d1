"""Sitemaps (sitemaps.org 0.9) and indexes of them, with the dates of news sitemaps."""

from xml.etree.ElementTree import Element

from index.listings.gathering import Gathering
from index.listings.records import Listing

__all__ = ["read_sitemap"]


def read_sitemap(root: Element, url: str) -> Listing:
    """Return the pages of a sitemap that was fetched from `url`, or the sitemaps of an index."""
    pages, sitemaps = Gathering(url, "sitemap"), Gathering(url, "sitemap")
    for child in root:
        said = _texts(child)
        if _local(child) == "url":
            pages.add(
                said.get("loc"),
                title=said.get("title"),
                published=said.get("publication_date"),
                modified=said.get("lastmod"),
                lastmod=said.get("lastmod"),
            )
        elif _local(child) == "sitemap":
            sitemaps.add(said.get("loc"), modified=said.get("lastmod"), lastmod=said.get("lastmod"))
    return Listing("sitemap", pages.entries, sitemaps.entries, (*pages.warnings, *sitemaps.warnings))


def _texts(element: Element) -> dict[str, str]:
    """Return the texts of its children, and of what `news:news` holds; of images and videos none."""
    found: dict[str, str] = {}
    for child in element:
        inner = [child] if len(child) == 0 else list(child) if _local(child) == "news" else []
        for each in inner:
            found.setdefault(_local(each), (each.text or "").strip())
    return found


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
