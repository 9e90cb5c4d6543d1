"""Examples of replies on jobs and on what is followed, as the OpenAPI description shows them."""

from typing import Any

__all__ = ["ITEMS", "JOB", "JOBS", "JOB_EVENTS", "SOURCE", "SOURCES"]


def _reply(description: str, example: dict[str, object]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": example}}}


_SOURCE = {
    "id": 1,
    "place": "https://harbour-courier.example/feed.xml",
    "kind": "feed",
    "added_at": "2024-05-02T10:00:00+00:00",
    "synced_at": None,
    "articles": 20,
}

SOURCE = _reply("the source as it is followed", _SOURCE)

SOURCES = _reply("what is followed", {"sources": [_SOURCE]})

ITEMS = _reply(
    "what was seen of a source",
    {
        "items": [
            {
                "place": "https://harbour-courier.example/2024/05/ferry",
                "kind": "page",
                "listing": _SOURCE["place"],
                "article_id": "ferry-sails-again",
                "etag": '"33a64df5"',
                "last_modified": None,
                "told": {"origin": "feed", "published_at": "2024-05-02"},
                "shared": False,
            }
        ],
        "offset": 0,
        "limit": 1000,
    },
)

_JOB = {
    "id": "job_5f0c2b7d9e1a4c6b8d0f1e2a",
    "state": "done",
    "created_at": "2024-05-02T09:12:44+00:00",
    "ended_at": "2024-05-02T09:12:47+00:00",
    "total": 3,
    "done": 3,
    "items_by_state": {
        "queued": 0, "fetched": 0, "extracted": 0, "live": 1, "listed": 1, "failed": 1, "cancelled": 0, "deleted": 0,
    },
    "results": {"added": 1, "updated": 0, "unchanged": 0, "deleted": 0, "failed": 1},
    "held_up": None,
}  # fmt: skip
_LIVE_ITEM: dict[str, object] = {
    "name": "dam-gate-fails",
    "state": "live",
    "article_id": "dam-gate-fails",
    "change": "added",
    "error": None,
    "reason": None,
    "warnings": [],
}
_FAILED_ITEM: dict[str, object] = {
    "name": "https://harbour-courier.example/2024/05/gone",
    "state": "failed",
    "article_id": None,
    "change": None,
    "error": "not_fetched",
    "reason": "https://harbour-courier.example/2024/05/gone: the server answered with status 404; check the address",
    "warnings": [],
}
_LISTED_ITEM: dict[str, object] = {
    "name": "https://harbour-courier.example/feed.xml",
    "state": "listed",
    "article_id": None,
    "change": None,
    "error": None,
    "reason": "https://harbour-courier.example/feed.xml: is a feed that names 2 pages",
    "warnings": ["1 pages were left out beside the newest 1; PULLQUOTE_MAX_ENTRIES raises that"],
}

JOB = _reply(
    "the job",
    {**_JOB, "failures": [_FAILED_ITEM], "items": [_LIVE_ITEM, _LISTED_ITEM, _FAILED_ITEM], "offset": 0, "limit": 100},
)

JOBS = _reply("the newest jobs", {"jobs": [_JOB]})

JOB_EVENTS = {
    "description": "events, each with a name and a body in JSON; `final` or `error` is the last",
    "content": {
        "text/event-stream": {
            "example": (
                'event: item\ndata: {"name":"dam-gate-fails","state":"live","article_id":"dam-gate-fails",'
                '"change":"added","error":null,"reason":null,"warnings":[]}\n\n'
            )
        }
    },
}
