"""Sources: what is read again and again, and what each look at it finds."""

from index.sources.events import Event, Found, Gone, Kept, Left, Missed, Noticed, Recognised, Removed, Same
from index.sources.folders import read_folder
from index.sources.seen import unread
from index.sources.web import Web

__all__ = [
    "Event",
    "Found",
    "Gone",
    "Kept",
    "Left",
    "Missed",
    "Noticed",
    "Recognised",
    "Removed",
    "Same",
    "Web",
    "read_folder",
    "unread",
]
