"""Fetching: the one safe way to read a URL, and XML that came from one."""

from index.fetching.decoding import gunzip
from index.fetching.errors import FetchError
from index.fetching.fetcher import Fetched, Fetcher
from index.fetching.parsing import safe_xml
from index.fetching.policy import Policy
from index.fetching.resolving import FakeResolver, Resolver
from index.fetching.timing import Clock, FakeClock

__all__ = [
    "Clock",
    "FakeClock",
    "FakeResolver",
    "FetchError",
    "Fetched",
    "Fetcher",
    "Policy",
    "Resolver",
    "gunzip",
    "safe_xml",
]
