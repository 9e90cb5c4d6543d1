"""Addresses that turn out to be feeds or sitemaps: what they name becomes items of the same job."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.articles import derived_id
from index.documents import Documents
from index.jobs import JobStore, NewItem, Steps
from index.library import Library

pytestmark = pytest.mark.slow

Finish = Callable[[Steps, Library], None]
MakeSteps = Callable[..., Steps]
PUBLISHED = "<pubDate>Thu, 02 May 2024 08:30:00 GMT</pubDate><author>Ida Holm</author>"


def told(store: JobStore, job_id: str, site: object) -> dict[str, tuple[str, str | None, tuple[str, ...]]]:
    """Return state, reason and the listings' warnings of items by path; the site's address is left out everywhere."""
    url = site.url  # type: ignore[attr-defined]
    items = store.items(job_id)
    assert len({item.name for item in items}) == len(items)
    return {
        item.name.removeprefix(url): (
            item.state,
            item.reason and item.reason.replace(url, ""),
            item.warnings if item.state == "listed" else (),
        )
        for item in items
    }


def submit(store: JobStore, site: object, *paths: str) -> str:
    """Begin a job of some addresses."""
    return store.submit([NewItem("page", f"{site.url}{path}") for path in paths])  # type: ignore[attr-defined]


def test_a_feed(store: JobStore, steps: Steps, library: Library, site: object, finish: Finish, tmp_path: Path) -> None:  # noqa: PLR0917
    """Each page becomes an article with what the feed says of it; the feed's own item says what it was."""
    site.feed("/feed", "/a", "/b", said=PUBLISHED)  # type: ignore[attr-defined]
    job_id = submit(store, site, "/feed", "/c")
    finish(steps, library)
    assert told(store, job_id, site) == {
        "/feed": ("listed", "/feed: is a feed that names 2 pages", ()),
        "/c": ("live", None, ()),
        "/a": ("live", None, ()),
        "/b": ("live", None, ()),
    }
    job = store.job(job_id)
    assert (job.states, job.changes) == ({"listed": 1, "live": 3}, {"added": 3})
    assert job.ended_at is not None
    article = library.reader.article(derived_id(f"{site.url}/a"))  # type: ignore[attr-defined]
    assert (article.published_at, article.origins["published_at"]) == ("2024-05-02T08:30:00+00:00", "feed")
    assert article.author == "Ida Holm"
    assert library.reader.article(derived_id(f"{site.url}/c")).published_at is None  # type: ignore[attr-defined]
    assert not list((tmp_path / "data" / "spool").iterdir())


def test_an_index_of_sitemaps(store: JobStore, steps: Steps, library: Library, site: object, finish: Finish) -> None:
    """Its sitemaps become items, and their pages; what several of them name is taken once, and told."""
    site.sitemap("/map", "/one", "/two", "/map", index=True)  # type: ignore[attr-defined]
    site.sitemap("/one", "/a", b="2024-05-02")  # type: ignore[attr-defined]
    site.sitemap("/two", "/b", "/c")  # type: ignore[attr-defined]
    job_id = submit(store, site, "/map", "/c")
    finish(steps, library)
    again = "addresses that it names are in this job already"
    assert told(store, job_id, site) == {
        "/map": ("listed", "/map: is a sitemap that names 3 sitemaps", (f"1 {again}",)),
        "/c": ("live", None, ()),
        "/one": ("listed", "/one: is a sitemap that names 2 pages", ()),
        "/two": ("listed", "/two: is a sitemap that names 2 pages", (f"2 {again}",)),
        "/a": ("live", None, ()),
        "/b": ("live", None, ()),
    }
    assert sorted(site.asked) == ["/a", "/b", "/c", "/map", "/one", "/robots.txt", "/two"]  # type: ignore[attr-defined]
    article = library.reader.article(derived_id(f"{site.url}/b"))  # type: ignore[attr-defined]
    assert (article.modified_at, article.origins["modified_at"]) == ("2024-05-02", "sitemap")


def test_what_a_listing_names_wrongly(
    store: JobStore, steps: Steps, library: Library, site: object, finish: Finish
) -> None:
    """A page twice is read once; a page that is broken, or a feed, fails alone; a sitemap that is a page fails too."""
    site.feed("/feed", "/a", "/a#top", "/broken", "/other")  # type: ignore[attr-defined]
    site.feed("/other", "/hidden")  # type: ignore[attr-defined]
    site.sitemap("/map", "/page", index=True)  # type: ignore[attr-defined]
    site.broken.add("/broken")  # type: ignore[attr-defined]
    job_id = submit(store, site, "/feed", "/map")
    finish(steps, library)
    found = told(store, job_id, site)
    assert found["/feed"][2] == ("1 entries left out that name the same page again",)
    assert {path: item[:2] for path, item in found.items() if item[0] == "failed"} == {
        "/broken": ("failed", "/broken: the server answered with status 500; try again later"),
        "/other": ("failed", "/other: is application/xml; give the address of an article"),
        "/page": ("failed", "/page: is named as a sitemap, but is neither a sitemap nor a feed"),
    }
    assert store.job(job_id).states == {"listed": 2, "live": 1, "failed": 3}


def test_a_listing_that_is_broken(
    store: JobStore, steps: Steps, library: Library, site: object, finish: Finish
) -> None:
    """XML that cannot be read, or is no listing, fails with the remedy; an empty feed is told as one."""
    site.listings |= {"/cut": "<rss><channel>", "/other": "<note/>"}  # type: ignore[attr-defined]
    site.feed("/empty")  # type: ignore[attr-defined]
    job_id = submit(store, site, "/cut", "/other", "/empty")
    finish(steps, library)
    items = {item.name.rpartition("/")[2]: (item.state, item.error, item.reason) for item in store.items(job_id)}
    assert items["cut"][:2] == ("failed", "XmlError")
    assert items["other"][:2] == ("failed", "InvalidArticleError")
    assert items["empty"] == ("listed", None, f"{site.url}/empty: is a feed that names nothing")  # type: ignore[attr-defined]


@pytest.mark.parametrize(("max_entries", "max_items", "setting"), [(2, 100, "MAX_ENTRIES"), (100, 3, "MAX_JOB_ITEMS")])
def test_more_pages_than_are_read(  # noqa: PLR0917
    store: JobStore,
    documents: Documents,
    make_steps: MakeSteps,
    library: Library,
    site: object,
    finish: Finish,
    max_entries: int,
    max_items: int,
    setting: str,
) -> None:
    """The newest are read, over all listings of a job, and what was left out is told with the limit."""
    store.limits = replace(store.limits, items=max_items)
    site.sitemap("/map", a="2024-05-01", b="2024-05-03", c="2024-05-02")  # type: ignore[attr-defined]
    site.feed("/feed", "/d", "/e")  # type: ignore[attr-defined]
    job_id = submit(store, site, "/map", "/feed")
    finish(make_steps(store, documents, max_entries), library)
    found = told(store, job_id, site)
    left_out = "pages were left out beside the newest"
    assert found["/map"][2] == (f"1 {left_out} 2; PULLQUOTE_{setting} raises that",)
    n_feed = 0 if setting == "MAX_ENTRIES" else 1
    assert found["/feed"][2] == (f"{2 - n_feed} {left_out} {n_feed}; PULLQUOTE_{setting} raises that",)
    assert [path for path, item in found.items() if item[0] == "live"] == ["/b", "/c", *["/d"] * n_feed]


def test_sitemaps_without_end(store: JobStore, steps: Steps, library: Library, site: object, finish: Finish) -> None:
    """A chain of indexes is followed three deep, of very many sitemaps in one the newest are read; both are told."""
    for number in range(9):
        site.sitemap(f"/{number}", f"/{number + 1}", index=True)  # type: ignore[attr-defined]
    job_id = submit(store, site, "/0")
    finish(steps, library)
    found = told(store, job_id, site)
    assert list(found) == ["/0", "/1", "/2", "/3"]
    assert found["/3"][2] == ("1 sitemaps more than 3 deep were not read",)
    site.sitemap("/wide", *(f"/w{number}" for number in range(201)), index=True)  # type: ignore[attr-defined]
    job_id = submit(store, site, "/wide")
    item = steps.next_page([])
    assert item
    steps.fetched(item, steps.fetch(item))
    assert steps.read_next()
    found = told(store, job_id, site)
    assert (len(found), found["/wide"][2]) == (
        201,
        ("1 sitemaps were left out beside the newest 200; a job reads 200, within its items",),
    )


@pytest.mark.parametrize("steps_before", range(9))
def test_a_job_of_listings_goes_on_where_it_stopped(
    *,
    steps_before: int,
    open_library: Callable[..., Library],
    make_steps: MakeSteps,
    documents: Documents,
    site: object,
    finish: Finish,
) -> None:
    """Whenever the process ends, the next one goes on: everything is fetched once, nothing is doubled or half there."""
    site.sitemap("/map", "/one", index=True)  # type: ignore[attr-defined]
    site.sitemap("/one", a="2024-05-02", b="2024-05-03")  # type: ignore[attr-defined]
    library = open_library()
    job_id = submit(library.jobs, site, "/map")
    first = make_steps(library.jobs, documents)
    for step in range(steps_before):
        if step % 2:
            first.read_next()
        elif item := first.next_page([]):
            first.fetched(item, first.fetch(item))
        else:
            first.add_some(library.add_all)
    library.close()
    again = open_library()
    again.jobs.sweep()
    finish(make_steps(again.jobs, documents), again)
    assert sorted(path for path in site.asked if path != "/robots.txt") == ["/a", "/b", "/map", "/one"]  # type: ignore[attr-defined]
    assert again.jobs.job(job_id).states == {"listed": 2, "live": 2}
    dates = [again.reader.article(row.id).modified_at for row in again.reader.articles()]
    assert sorted(map(str, dates)) == ["2024-05-02", "2024-05-03"]


def test_a_listing_that_is_taken_in_part_is_not_taken(
    *, store: JobStore, steps: Steps, library: Library, site: object, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where taking it breaks off, none of its pages is there and the listing waits still; then all of it is."""
    site.feed("/feed", "/a", "/b")  # type: ignore[attr-defined]
    job_id = submit(store, site, "/feed")
    item = steps.next_page([])
    assert item
    steps.fetched(item, steps.fetch(item))
    with monkeypatch.context() as fault:

        def break_off(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        fault.setattr("index.jobs.progress.end_items", break_off)
        with pytest.raises(KeyboardInterrupt):
            steps.read_next()
    assert store.job(job_id).states == {"fetched": 1}
    finish(steps, library)
    assert store.job(job_id).states == {"listed": 1, "live": 2}


def test_a_listing_whose_bytes_are_gone(
    store: JobStore, steps: Steps, library: Library, site: object, finish: Finish
) -> None:
    """It, and a page that it names, are fetched again, and what it says of the page is not lost."""
    site.feed("/feed", "/a", said=PUBLISHED)  # type: ignore[attr-defined]
    job_id = submit(store, site, "/feed")
    for _ in range(2):
        item = steps.next_page([])
        assert item
        steps.fetched(item, steps.fetch(item))
        store._spool.sweep([])
        steps.read_next()  # finds nothing
        again = steps.next_page([])
        assert again == item
        steps.fetched(again, steps.fetch(again))
        steps.read_next()
    finish(steps, library)
    assert store.job(job_id).states == {"listed": 1, "live": 1}
    (row,) = library.reader.articles()
    assert row.published_at == "2024-05-02T08:30:00+00:00"


def test_a_job_is_cancelled_amid_a_listing(
    store: JobStore, steps: Steps, library: Library, site: object, finish: Finish
) -> None:
    """Before it is read nothing of it comes; after that its pages are given up with the job."""
    site.feed("/feed", "/a", "/b")  # type: ignore[attr-defined]
    early, late = (submit(store, site, "/feed") for _ in range(2))
    for _ in range(2):
        item = steps.next_page([])
        assert item
        steps.fetched(item, steps.fetch(item))
    store.cancel(early)
    assert steps.read_next()
    store.cancel(late)
    finish(steps, library)
    assert store.job(early).states == {"cancelled": 1}
    assert store.job(late).states == {"listed": 1, "cancelled": 2}
    assert library.reader.n_articles() == 0
