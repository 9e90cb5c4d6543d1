"""Jobs as values.

An item goes from `queued` (a page that is not fetched yet) over `fetched` (its bytes are in the spool; files and
articles begin here) and `extracted` (it was read; its article is in the ledger) to one of the ends: `live`, `failed`,
`cancelled`, `deleted`, where its article was removed meanwhile, or `listed`: the address was that of a feed or sitemap,
and what it names became items of the same job.

A `page` is an address that was given, whatever it turns out to be; a `listing` one that a sitemap names as a sitemap,
and an `entry` one that a listing names as a page.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "ENDED",
    "FETCHED",
    "Failure",
    "Fetch",
    "Item",
    "ItemKind",
    "ItemState",
    "Job",
    "Limits",
    "Named",
    "NewItem",
]

ItemKind = Literal["page", "listing", "entry", "file", "article"]
FETCHED: tuple[ItemKind, ...] = ("page", "listing", "entry")
ItemState = Literal["queued", "fetched", "extracted", "live", "listed", "failed", "cancelled", "deleted"]
ENDED: tuple[ItemState, ...] = ("live", "listed", "failed", "cancelled", "deleted")


@dataclass(frozen=True)
class Named:
    """What the listing that names an address says of it (`Entry.told`), and how many listings lead there."""

    told: Mapping[str, str]
    depth: int


@dataclass(frozen=True)
class NewItem:
    """What is to be added: an address (`name`), or the bytes of a file or of an article as JSON."""

    kind: ItemKind
    name: str
    data: bytes = b""
    named: Named | None = None


@dataclass(frozen=True)
class Fetch:
    """What came with the bytes of a page; `redirects` are the addresses that led to it."""

    url: str
    fetched_at: str
    content_type: str | None
    charset: str | None
    redirects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failure:
    """Why an item failed: a code for programs, and words that name the item and the remedy."""

    error: str
    reason: str


@dataclass(frozen=True)
class Item:
    """An item as it stands.

    `change` says what a live one did, `error` and `reason` why a failed one failed, `reason` what a listed one was.
    """

    key: int
    job: int
    kind: ItemKind
    name: str
    state: ItemState
    spool: str | None
    fetched: Fetch | None
    named: Named | None
    article_id: str | None
    change: str | None
    error: str | None
    reason: str | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """A job: how many of its items are in each state, and how many of the live ones did what."""

    id: str
    created_at: str
    ended_at: str | None
    cancelled: bool
    states: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Limits:
    """What may wait at once over all jobs, and how long and how many of those that ended are remembered."""

    jobs: int = 16
    items: int = 1_000
    spool_bytes: int = 500_000_000
    days: int = 7
    remembered: int = 100
