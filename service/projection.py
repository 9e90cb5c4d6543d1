"""Projection: what was found and decided, as the bodies of the contract."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from pydantic import BaseModel

from index import Added, Article, ArticleRow, Evidence, Found
from index.dates import utc_days
from index.ledger import Item, Source
from service.asking.windows import Window
from service.contract import (
    ArticleBody,
    ArticleList,
    ArticleSummary,
    CopyOut,
    EvidenceOut,
    ItemBody,
    PassageOut,
    PutBody,
    Quote,
    Reason,
    SearchBody,
    SourceBody,
    WindowOut,
)

__all__ = [
    "article_body",
    "article_list",
    "article_summary",
    "heading",
    "item_body",
    "item_of",
    "nearest",
    "newest",
    "nothing_found",
    "put_body",
    "quote",
    "search_body",
    "source_body",
    "source_of",
    "window_out",
]

_NEAREST = 3
_DAY_CHARS = len("2022-06-13")


def nothing_found(found: Found) -> Reason | None:
    """Return why there is no evidence, or None where there is some."""
    if found.evidence:
        return None
    if found.articles_in_all == 0:
        return "index_empty"
    return "no_evidence" if found.articles_searched else "no_articles_match_filters"


def heading(article: Article) -> str:
    """Return title, outlet and day of an article in one line; an hour would cost the model more than it tells."""
    known = (article.title or "untitled", article.outlet, (article.published_at or "")[:_DAY_CHARS])
    return " ".join(", ".join(part for part in known if part).split())


def quote(item: Evidence) -> Quote:
    """Return a sentence with where it stands."""
    return Quote(
        **_described(item.article),
        quote=item.text,
        start=item.start,
        end=item.end,
        page=item.article.page_at(item.start),
        copies=_copies(item),
    )


def _copies(item: Evidence) -> list[CopyOut]:
    return [CopyOut(**_described(copy.article), start=copy.start, end=copy.end) for copy in item.copies]


def _described(article: Article) -> dict[str, str | None]:
    names = ("version", "url", "title", "author", "outlet", "published_at")
    return {"article_id": article.id, **{name: getattr(article, name) for name in names}}


def nearest(evidence: Sequence[Evidence]) -> list[Quote]:
    """Return the sentences that ranked best, for an answer that was not found."""
    return [quote(item) for item in sorted(evidence, key=lambda item: -item.score)[:_NEAREST]]


def newest(quotes: Iterable[Quote]) -> str | None:
    """Return the newest publication date among cited articles, at the precision given."""
    dates = [item.published_at for item in quotes if item.published_at]
    return max(dates, key=utc_days, default=None)


def search_body(found: Found) -> SearchBody:
    """Return the body of a search."""
    return SearchBody(
        passages=[
            PassageOut(
                article_id=passage.article.id,
                start=passage.start,
                end=passage.end,
                text=passage.article.text[passage.start : passage.end],
                score=round(passage.score, 4),
                copies=passage.copies,
            )
            for passage in found.passages
        ],
        evidence=[
            EvidenceOut(
                n=item.number,
                article_id=item.article.id,
                start=item.start,
                end=item.end,
                text=item.text,
                score=round(item.score, 4),
                title=item.article.title,
                outlet=item.article.outlet,
                published_at=item.article.published_at,
                copies=_copies(item),
            )
            for item in found.evidence
        ],
        searched=list(found.searched),
        reason=nothing_found(found),
        articles_searched=found.articles_searched,
        articles_undated=found.articles_undated,
    )


def window_out(window: Window | None) -> WindowOut | None:
    """Return a window of publication."""
    if window is None:
        return None
    return WindowOut(published_from=window.published_from, published_to=window.published_to, wording=window.wording)


def put_body(added: Added) -> PutBody:
    """Return what became of an article that was added."""
    return PutBody(id=added.id, version=added.version, change=added.change.value, encoded=added.encoded)


def article_summary(row: ArticleRow) -> ArticleSummary:
    """Return an article as it stands in a list."""
    return ArticleSummary(**asdict(row))


def article_list(rows: Sequence[ArticleRow], total: int, offset: int, limit: int) -> ArticleList:
    """Return one page of articles."""
    return ArticleList(articles=[article_summary(row) for row in rows], total=total, offset=offset, limit=limit)


def article_body(article: Article) -> ArticleBody:
    """Return an article with its text."""
    return ArticleBody(
        **{**asdict(article), "version": article.version, "meta_version": article.meta_version},
    )


def source_body(source: Source) -> SourceBody:
    """Return a source as a body."""
    fields = asdict(source)
    return SourceBody(id=fields.pop("key"), **fields)


def source_of(body: SourceBody) -> Source:
    """Return the source in a body."""
    fields = body.model_dump()
    return Source(key=fields.pop("id"), **fields)


def item_body(item: Item) -> ItemBody:
    """Return an item as a body."""
    return ItemBody(**asdict(item))


def item_of(body: BaseModel) -> Item:
    """Return the item in a body."""
    return Item(**body.model_dump())
