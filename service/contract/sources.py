"""Sources that are followed, and what was seen of them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from service.contract.base import Out
from service.contract.patterns import VALIDATOR
from service.contract.requests import Utf8

__all__ = ["ItemBody", "ItemIn", "ItemList", "ItemsIn", "SourceBody", "SourceIn", "SourceList"]

SourceKind = Literal["feed", "sitemap", "folder"]
Place = Annotated[Utf8, Field(min_length=1, max_length=8_192)]
Validator = Annotated[str, Field(pattern=VALIDATOR)]
Said = Annotated[Utf8, Field(max_length=2_000)]
Key = Annotated[str, Field(max_length=64)]


class SourceIn(BaseModel):
    """A source to follow."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"place": "https://news.example/feed.xml", "kind": "feed"}]},
    )

    place: Place = Field(description="its address; a folder of the server's machine is followed for its commands only")
    kind: SourceKind


class SourceBody(Out):
    """A source that is followed; `articles` counts those that came of it."""

    id: int
    place: str
    kind: SourceKind
    added_at: str
    synced_at: str | None
    articles: int


class SourceList(Out):
    """All sources, in the order in which they were added."""

    sources: list[SourceBody]


class ItemIn(BaseModel):
    """What was seen at a place of a source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    place: Place = Field(description="an address, or a file with the id of an article in it")
    kind: Literal["listing", "page", "file"]
    listing: Place | None = Field(None, description="the feed, sitemap or file that it stands in")
    article_id: Annotated[Utf8, Field(max_length=128)] | None = None
    etag: Validator | None = None
    last_modified: Validator | None = None
    told: Annotated[dict[Key, Said], Field(max_length=16)] = Field(
        {}, description="what the listing says of it, and what is kept of reading it"
    )


class ItemBody(ItemIn):
    """What was seen at a place of a source; `shared` tells that another source leads to its article too."""

    shared: bool = False


class ItemList(Out):
    """One page of what was seen of a source, by place."""

    items: list[ItemBody]
    offset: int
    limit: int


class ItemsIn(BaseModel):
    """What was seen of a source, at most a thousand places at once."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "place": "https://news.example/ferry",
                            "kind": "page",
                            "listing": "https://news.example/feed.xml",
                            "article_id": "02ec09bd3dabe5d2",
                            "etag": '"33a64df5"',
                        }
                    ],
                    "synced": True,
                }
            ]
        },
    )

    items: Annotated[list[ItemIn], Field(max_length=1_000)] = []
    dropped: Annotated[list[Place], Field(max_length=1_000)] = Field([], description="places to forget")
    synced: StrictBool = Field(False, description="whether the source was read to its end just now")
