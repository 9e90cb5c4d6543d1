"""Jobs from what was sent to articles that are live, whatever ends the process between two steps."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.articles import derived_id
from index.documents import Documents
from index.errors import ArticleNotFoundError
from index.extracting.errors import ReaderDownError
from index.fetching import Fetched
from index.jobs import Item, JobStore, NewItem, Steps
from index.library import Library
from tests.index.extracting.conftest import printed_pdf

pytestmark = pytest.mark.slow

Finish = Callable[[Steps, Library], None]
LINES = b'{"id": "a", "text": "The dam failed at night."}\n{"text": 5}\n\n{"id": "b", "text": "A dam held.", "x": 1}\n'


def document(article_id: str, text: str) -> NewItem:
    """Return an article as it is sent."""
    return NewItem("article", article_id, json.dumps({"id": article_id, "text": text, "language": "en"}).encode())


def spooled(tmp_path: Path) -> int:
    """Count the files in the spool."""
    return len(list((tmp_path / "data" / "spool").glob("*")))


def count(library: Library, table: str) -> int:
    """Count the rows of a table."""
    with library._database.begin() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


def test_every_kind_becomes_articles(
    *, store: JobStore, steps: Steps, library: Library, site: object, finish: Finish, tmp_path: Path
) -> None:
    """Pages, files, JSON lines and articles end live or failed, each told; nothing of them is left behind."""
    sent = [
        NewItem("page", f"{site.url}/one"),  # type: ignore[attr-defined]
        NewItem("file", "news/ferry.txt", b"The ferry sails again."),
        NewItem("file", "dump.jsonl", LINES),
        NewItem("file", "picture.png", b"\x89PNG"),
        document("dam", "The Hessel Dam gate failed."),
    ]
    job_id = store.submit(sent)
    finish(steps, library)
    job = store.job(job_id)
    assert (job.states, job.changes) == ({"live": 5, "failed": 2}, {"added": 5})
    assert job.ended_at is not None
    failed = {item.name: (item.error, item.reason) for item in store.items(job_id, states=["failed"])}
    assert failed["picture.png"][1] == (
        "picture.png: files of this kind are not read; known endings are "
        ".txt .md .markdown .jsonl .ndjson .html .htm .xhtml .html.gz .pdf .docx"
    )
    assert failed["dump.jsonl, line 2"] == (
        "InvalidArticleError",
        "dump.jsonl, line 2: `text` must be a string, not int",
    )
    warned = [item.warnings for item in store.items(job_id) if item.article_id == "b"]
    assert warned == [("unknown fields ignored: x",)]
    assert library.reader.article(derived_id(f"{site.url}/one")).title == "Ferry one"  # type: ignore[attr-defined]
    assert {row.id for row in library.reader.articles()} >= {"a", "b", "dam", derived_id("news/ferry.txt")}
    assert (spooled(tmp_path), count(library, "job_articles")) == (0, 0)


def test_the_same_again_changes_nothing(store: JobStore, steps: Steps, library: Library, finish: Finish) -> None:
    """The second time all is unchanged; another text is an update."""
    for text, change in (("Rain fell.", "added"), ("Rain fell.", "unchanged"), ("Snow fell.", "updated")):
        job_id = store.submit([document("rain", text), NewItem("file", "rain.txt", text.encode())])
        finish(steps, library)
        assert store.job(job_id).changes == {change: 2}


@pytest.mark.parametrize("steps_before", range(6))
def test_a_job_goes_on_where_it_stopped(
    *,
    steps_before: int,
    open_library: Callable[..., Library],
    make_steps: Callable[[JobStore, Documents], Steps],
    documents: Documents,
    site: object,
    finish: Finish,
) -> None:
    """Whenever the process ends, the next one goes on: every page is fetched once, every article is there once."""
    library = open_library()
    pages = [NewItem("page", f"{site.url}/{name}") for name in ("one", "two")]  # type: ignore[attr-defined]
    job_id = library.jobs.submit([*pages, document("dam", "The dam failed.")])
    first = make_steps(library.jobs, documents)
    for step in range(steps_before):
        if step < 2 and (item := first.next_page([])):
            first.fetched(item, first.fetch(item))
        elif step < 5:
            first.read_next()
        else:
            first.add_some(library.add_all)
    library.close()
    again = open_library()
    again.jobs.sweep()
    finish(make_steps(again.jobs, documents), again)
    assert sorted(path for path in site.asked if path != "/robots.txt") == ["/one", "/two"]  # type: ignore[attr-defined]
    assert (again.jobs.job(job_id).states, again.reader.n_articles()) == ({"live": 3}, 3)
    assert again.jobs.job(job_id).changes == {"added": 3}


def test_an_article_that_was_just_added_is_added_again(
    store: JobStore, steps: Steps, library: Library, finish: Finish
) -> None:
    """Where the process ended between adding and telling, the article is there once, and told as unchanged."""
    job_id = store.submit([document("dam", "The dam failed.")])
    steps.read_next()
    (waiting,) = store.progress.waiting(most=9, most_chars=9)
    library.add(waiting[1])
    finish(steps, library)
    assert (store.job(job_id).changes, library.reader.n_articles()) == ({"unchanged": 1}, 1)


def test_a_failed_fetch_changes_nothing(
    store: JobStore, steps: Steps, library: Library, site: object, finish: Finish
) -> None:
    """What was there of a page stays as it was, and the failure names the page and its status."""
    url = f"{site.url}/one"  # type: ignore[attr-defined]
    store.submit([NewItem("page", url)])
    finish(steps, library)
    before = library.reader.article(derived_id(url))
    site.broken.add("/one")  # type: ignore[attr-defined]
    job_id = store.submit([NewItem("page", url)])
    finish(steps, library)
    (item,) = store.items(job_id)
    assert (item.state, item.error) == ("failed", "StatusError")
    assert item.reason == f"{url}: the server answered with status 500; try again later"
    assert library.reader.article(before.id) == before


def test_pages_are_kept(store: JobStore, steps: Steps, library: Library) -> None:
    """A printed document that waits in a job keeps its pages."""
    store.submit([NewItem("file", "ferry.pdf", printed_pdf([["The ferry sails."], ["It came in May."]]))])
    steps.read_next()
    steps.add_some(library.add_all)
    (row,) = library.reader.articles()
    article = library.reader.article(row.id)
    assert [(number, article.text[start:].split()[0]) for number, start in article.pages] == [(1, "The"), (2, "It")]


def test_all_ids_that_lead_to_an_article_are_forgotten(store: JobStore) -> None:
    """What waits under any of them goes, and what waits under another stays."""
    job_id = store.submit([document(name, f"The {name}.") for name in ("old", "new", "other")])
    assert store.forget(["old", "new"])
    assert store.job(job_id).states == {"deleted": 2, "fetched": 1}
    assert not store.forget(["old", "new"])


def test_what_is_removed_does_not_come_back(
    *, store: JobStore, steps: Steps, library: Library, site: object, fetch_all: Callable[[Steps], None], tmp_path: Path
) -> None:
    """An article that is removed while jobs wait to add it, in whatever state, is gone with all that waited."""
    url = f"{site.url}/one"  # type: ignore[attr-defined]
    front = b"---\nid: front\n---\n\nThe ferry sails."
    sent = [NewItem("page", url), document("dam", "The dam."), document("dam", "The other dam.")]
    job_id = store.submit([*sent, NewItem("file", "front.md", front), document("kept", "It stays.")])
    fetch_all(steps)
    for name in (derived_id(url), "dam"):
        library.remove(name)  # it waits, though it is not live
    with pytest.raises(ArticleNotFoundError):
        library.remove("front")  # whose id nobody knows yet
    assert spooled(tmp_path) == 2
    while steps.read_next():
        pass
    while steps.add_some(library.add_all):
        pass
    assert store.job(job_id).states == {"deleted": 4, "live": 1}
    assert [row.id for row in library.reader.articles()] == ["kept"]
    assert (spooled(tmp_path), count(library, "job_articles"), count(library, "job_removals")) == (0, 0, 0)
    store.submit([document("dam", "The dam.")])
    steps.read_next()
    assert steps.add_some(library.add_all)
    assert library.reader.article("dam")  # a later job may


def test_a_turn_is_small(store: JobStore, steps: Steps, library: Library) -> None:
    """One turn adds some articles or some text, so that a search in between waits for no more."""
    store.submit([document(f"a{n}", f"Report {n} came.") for n in range(80)])
    store.submit([document(f"b{n}", "A long report came. " * 2_000) for n in range(3)])
    while steps.read_next():
        pass
    sizes = []
    while steps.add_some(library.add_all):
        sizes.append(library.reader.n_articles() - sum(sizes))
    assert sizes == [32, 32, 17, 1, 1]


def test_a_file_with_too_many_articles(store: JobStore, steps: Steps, library: Library, finish: Finish) -> None:
    """A dump that holds more than may wait fails whole, and names the limit."""
    job_id = store.submit([NewItem("file", "dump.jsonl", b'{"id": "a", "text": "A dam."}\n' * 1_001)])
    finish(steps, library)
    (item,) = store.items(job_id)
    assert item.reason == (
        "dump.jsonl: holds more than 1,000 articles; cut it into several files, or raise PULLQUOTE_MAX_JOB_ITEMS"
    )
    assert library.reader.n_articles() == 0


def test_bytes_that_are_gone(store: JobStore, steps: Steps, library: Library, site: object, finish: Finish) -> None:
    """A page whose bytes the disk lost is fetched again; a file has to be sent again, and says so."""
    job_id = store.submit([NewItem("page", f"{site.url}/one"), NewItem("file", "a.txt", b"A dam.")])  # type: ignore[attr-defined]
    item = steps.next_page([])
    assert item
    steps.fetched(item, steps.fetch(item))
    store._spool.sweep([])
    finish(steps, library)
    assert [(item.state, item.reason) for item in store.items(job_id)] == [
        ("live", None),
        ("failed", "a.txt: its bytes are gone; send it again"),
    ]


def test_a_reader_that_cannot_be_started_for_a_time(
    *, store: JobStore, steps: Steps, library: Library, finish: Finish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No document is at fault: all of them wait, and are read once it can be started."""
    page = printed_pdf([["The ferry sails again."]])
    job_id = store.submit([NewItem("file", f"{n}.pdf", page) for n in range(2)])
    with monkeypatch.context() as fault:
        fault.setattr(sys, "executable", "/nowhere/python")
        for _ in range(2):
            with pytest.raises(ReaderDownError, match="cannot be started"):
                steps.read_next()
    assert store.job(job_id).states == {"fetched": 2}
    finish(steps, library)
    assert store.job(job_id).states == {"live": 2}


def test_pages_of_several_hosts(store: JobStore, steps: Steps) -> None:
    """While a page of a host is fetched, the next one is of another host, the one that waits longest."""
    names = ["http://A.example/1", "http://a.example/2", "http://b.example/1", "http://[", "http://b.example/2"]
    store.submit([NewItem("page", name) for name in names])
    taken: list[Item] = []
    while item := steps.next_page(taken):
        taken.append(item)
    assert [item.name for item in taken] == [names[0], names[2], names[3]]
    following = steps.next_page(taken[1:])
    assert following
    assert following.name == names[0]


def test_what_led_to_a_page(store: JobStore, steps: Steps, library: Library, site: object, finish: Finish) -> None:
    """An article of a job tells the addresses that were sent on to it."""
    store.submit([NewItem("page", f"{site.url}/one")])  # type: ignore[attr-defined]
    item = steps.next_page([])
    assert item
    fetched = steps.fetch(item)
    assert isinstance(fetched, Fetched)
    steps.fetched(item, replace(fetched, redirects=("http://a.example/old", "http://a.example/mid")))
    finish(steps, library)
    (article,) = library.reader.articles()
    assert library.reader.article(article.id).origins["redirects"] == "http://a.example/old http://a.example/mid"
