"""Listings: feeds and sitemaps, which name the pages of a site and say something of each."""

from index.listings.reading import read_listing
from index.listings.records import Entry, Listing

__all__ = ["Entry", "Listing", "read_listing"]
