"""Listings: feeds and sitemaps, which name the pages of a site and say something of each."""

from index.listings.bounds import MAX_DEPTH, MAX_LISTINGS, newest, newest_first
from index.listings.reading import listing_in, read_listing
from index.listings.records import Entry, Listing

__all__ = ["MAX_DEPTH", "MAX_LISTINGS", "Entry", "Listing", "listing_in", "newest", "newest_first", "read_listing"]
