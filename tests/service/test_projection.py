from dataclasses import asdict, replace

from index import Article, ArticleRow, Evidence, Found, FoundPassage
from service import projection

TEXT = "One bridge opened. Two ferries stopped. Three trains ran. Four buses left."
ARTICLE = Article(
    "a",
    TEXT,
    url="https://apex.example/a",
    title="Bridges\n and ferries",
    author="A. Writer",
    outlet="Apex",
    language="en",
    published_at="2022-06",
    modified_at="2023",
    fetched_at="2024-01-01T00:00:00Z",
    source="news/a.md",
    origins={"published_at": "front matter"},
)
DATES = ("published_at", "modified_at", "fetched_at")
SPANS = ((0, 18), (19, 39), (40, 57), (58, 74))
EVIDENCE = tuple(
    Evidence(n, ARTICLE, a, b, score)
    for n, (a, b), score in zip((1, 2, 3, 4), SPANS, (0.1, 0.4, 0.2, 0.3), strict=True)
)


def test_why_nothing_was_found() -> None:
    """An empty library, filters that admit none, and articles without evidence are told apart."""
    assert projection.nothing_found(Found((), (), (), 0, 0)) == "index_empty"
    assert projection.nothing_found(Found((), (), (), 0, 5)) == "no_articles_match_filters"
    assert projection.nothing_found(Found((), (), (), 2, 5)) == "no_evidence"
    assert projection.nothing_found(Found((), EVIDENCE, (), 1, 1)) is None


def test_a_heading_is_one_line_of_what_is_known() -> None:
    """Title, outlet and date stand in one line; what is unknown is left out."""
    assert projection.heading(ARTICLE) == "Bridges and ferries, Apex, 2022-06"
    assert projection.heading(Article("a", "x")) == "untitled"
    assert projection.heading(Article("a", "x", published_at="2022")) == "untitled, 2022"


def test_a_quote_is_a_slice_of_its_article() -> None:
    """A quote carries its text, its place, and its article's metadata and version."""
    quote = projection.quote(EVIDENCE[1])
    assert quote.quote == TEXT[quote.start : quote.end] == "Two ferries stopped."
    assert quote.model_dump(exclude={"quote", "start", "end"}) == {
        "article_id": "a",
        "version": ARTICLE.version,
        "url": "https://apex.example/a",
        "title": "Bridges\n and ferries",
        "author": "A. Writer",
        "outlet": "Apex",
        "published_at": "2022-06",
        "page": None,
        "copies": [],
    }


def test_a_quote_tells_its_page() -> None:
    """A sentence of a printed document has the page on which it begins."""
    printed = replace(ARTICLE, pages=((1, 0), (2, 20), (4, 57)))
    pages = [projection.quote(replace(item, article=printed)).page for item in EVIDENCE]
    assert pages == [1, 1, 2, 4]


def test_the_nearest_are_the_three_best() -> None:
    """Evidence stands in reading order, what is nearest by score."""
    assert [quote.start for quote in projection.nearest(EVIDENCE)] == [19, 58, 40]
    assert projection.nearest(()) == []


def test_the_newest_date_keeps_its_precision() -> None:
    """The newest date is given as it was written; without a date there is none."""
    dates = ["2022", "2022-06-13T23:00:00-05:00", "2022-06-13", None]
    quotes = [projection.quote(EVIDENCE[0]).model_copy(update={"published_at": date}) for date in dates]
    assert projection.newest(quotes) == "2022-06-13T23:00:00-05:00"
    assert projection.newest(quotes[:1]) == "2022"
    assert projection.newest(quotes[3:]) is None
    assert projection.newest([]) is None


def test_a_search_body_slices_the_articles() -> None:
    """Passages and evidence are slices of their articles, with scores of four decimals."""
    found = Found((FoundPassage(ARTICLE, 19, 57, 1.23456789),), EVIDENCE[:1], ("ferries",), 3, 4, 2)
    body = projection.search_body(found)
    (passage,), (evidence,) = body.passages, body.evidence
    assert (passage.text, passage.score) == (TEXT[19:57], 1.2346)
    assert (evidence.n, evidence.text, evidence.title, evidence.outlet, evidence.published_at) == (
        1,
        "One bridge opened.",
        "Bridges\n and ferries",
        "Apex",
        "2022-06",
    )
    assert (body.searched, body.reason, body.articles_searched, body.articles_undated) == (["ferries"], None, 3, 2)


def test_an_article_is_shown_whole() -> None:
    """The body of an article holds every field, with its versions and where its dates came from."""
    body = projection.article_body(ARTICLE)
    assert (body.text, body.version, body.meta_version) == (TEXT, ARTICLE.version, ARTICLE.meta_version)
    assert (body.source, body.origins) == ("news/a.md", {"published_at": "front matter"})
    assert (body.language, body.modified_at, body.fetched_at) == ("en", "2023", "2024-01-01T00:00:00Z")


def test_a_list_shows_sizes_instead_of_texts() -> None:
    """A page of articles tells how long each is, and how many there are in all."""
    names = ("id", "version", "url", "title", "author", "outlet", "language", *DATES)
    row = ArticleRow(**{name: getattr(ARTICLE, name) for name in names}, chars=len(TEXT), sentences=4)
    page = projection.article_list([row], 9, 3, 1)
    (summary,) = page.articles
    assert summary.model_dump() == asdict(row)
    assert not hasattr(summary, "text")
    assert (page.total, page.offset, page.limit) == (9, 3, 1)
