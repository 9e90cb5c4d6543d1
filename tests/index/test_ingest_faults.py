"""The vector index or the disk fails while many articles are added, in the thread that writes."""

import threading
from collections.abc import Callable, Sequence

import pytest

from index.articles import Article
from index.encoders import FakeEncoder, Vectors
from index.errors import StorageError, StorageFullError
from index.ingest import Added
from index.library import Library
from index.vectors import VectorIndex

pytestmark = pytest.mark.slow

Make = Callable[..., Article]


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let eight articles fill a batch."""
    monkeypatch.setattr("index.ingest._BATCH_ARTICLES", 8)


@pytest.fixture
def fail_at(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return what lets the n-th call of a method of the vector index fail; the threads that called are noted."""

    def fail(name: str, n: int) -> list[str]:
        threads: list[str] = []
        real = getattr(VectorIndex, name)

        def failing(self: VectorIndex, *args: object) -> None:
            threads.append(threading.current_thread().name)
            if len(threads) == n:
                raise StorageFullError("the disk is full")
            real(self, *args)

        monkeypatch.setattr(VectorIndex, name, failing)
        return threads

    return fail


def add_all(library: Library, articles: Sequence[Article]) -> list[str]:
    """Add articles until that fails for want of room; return the ids that were told."""
    ids: list[str] = []
    with pytest.raises(StorageFullError, match="the disk is full"):
        ids.extend(outcome.id for outcome in library.add_all(articles) if isinstance(outcome, Added))
    return ids


@pytest.fixture
def bridges(article: Make) -> list[Article]:
    """Return more articles than three batches hold."""
    return [article(f"a{i}", f"Bridge number {i} opened.") for i in range(26)]


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_vector_index_that_fails(
    open_library: Callable[..., Library], bridges: list[Article], fail_at: Callable[..., list[str]], n: int
) -> None:
    """The error comes out of the writer's thread; what was told is found, the rest is nowhere, now and later."""
    library = open_library()
    library.search(["bridge"])
    threads = fail_at("add", n)
    ids = add_all(library, bridges)
    assert ids == [f"a{i}" for i in range(8 * (n - 1))]
    assert all(name.startswith("writer") for name in threads)
    assert sorted(ids) == [row.id for row in library.reader.articles(limit=1_000)]
    found = library.search(["bridge number 25 opened"], limit=50)
    assert found.articles_in_all == len(ids)
    assert {passage.article.id for passage in found.passages} <= set(ids)
    library.close()
    reopened = open_library()
    assert reopened.check() == len(ids)
    assert {str(o.change) for o in reopened.add_all(bridges) if isinstance(o, Added)} <= {"added", "unchanged"}
    assert reopened.check() == 26


def test_the_same_library_goes_on_after_a_failure(
    library: Library, bridges: list[Article], fail_at: Callable[..., list[str]]
) -> None:
    """Without reopening the same articles can be added, and none of their vectors is there twice."""
    fail_at("add", 2)
    assert len(add_all(library, bridges)) == 8
    changes = [str(outcome.change) for outcome in library.add_all(bridges) if isinstance(outcome, Added)]
    assert changes == ["unchanged"] * 8 + ["added"] * 18
    assert library.check() == 26
    assert library.search(["bridge number 15 opened"]).evidence[0].article.id == "a15"


def test_an_update_that_fails_keeps_the_old_versions(
    library: Library, bridges: list[Article], article: Make, fail_at: Callable[..., list[str]]
) -> None:
    """Articles whose new version could not be written are found as they were."""
    assert len(list(library.add_all(bridges))) == 26
    fail_at("add", 2)
    changed = [article(one.id, one.text.replace("opened", "closed")) for one in bridges]
    ids = add_all(library, changed)
    assert len(ids) == 8
    texts = {row.id: library.reader.article(row.id).text for row in library.reader.articles(limit=1_000)}
    assert {name for name, text in texts.items() if "closed" in text} == set(ids)
    for i in (3, 15):
        found = library.search([f"bridge number {i}"]).evidence[0]
        assert (found.article.id, found.text) == (f"a{i}", texts[f"a{i}"])


def test_old_vectors_that_cannot_be_removed(
    open_library: Callable[..., Library], bridges: list[Article], article: Make, fail_at: Callable[..., list[str]]
) -> None:
    """Where only the old version could not be swept, the new one is there, and the rest is mended by opening."""
    library = open_library()
    assert len(list(library.add_all(bridges[:3]))) == 3
    fail_at("remove", 1)
    assert add_all(library, [article("a1", "Bridge number 1 closed.")]) == []
    assert library.reader.article("a1").text == "Bridge number 1 closed."
    assert {e.text for e in library.search(["bridge number 1"]).evidence} == {
        "Bridge number 0 opened.",
        "Bridge number 1 closed.",
        "Bridge number 2 opened.",
    }
    library.close()
    assert open_library().check() == 3


def test_no_more_is_encoded_after_a_failure(
    open_library: Callable[..., Library], bridges: list[Article], fail_at: Callable[..., list[str]]
) -> None:
    """The writer's error ends the call at the next turn, not after all articles were encoded."""
    encoder = FakeEncoder()
    library = open_library(encoder)
    fail_at("add", 1)
    assert add_all(library, bridges) == []
    assert encoder.encoded <= 16


@pytest.mark.parametrize("n_before", [0, 10])
def test_an_error_that_nobody_foresaw(
    library: Library, bridges: list[Article], monkeypatch: pytest.MonkeyPatch, n_before: int
) -> None:
    """Whatever the writer's thread raises is raised here, and nothing of its batch is seen."""
    assert len(list(library.add_all(bridges[:n_before]))) == n_before

    def refuse(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as fault:
        fault.setattr(VectorIndex, "add", refuse)
        with pytest.raises(ZeroDivisionError):
            list(library.add_all(bridges))
    assert library.reader.n_articles() == n_before
    assert len(list(library.add_all(bridges))) == 26
    assert library.check() == 26


def test_vectors_that_were_put_half(library: Library, bridges: list[Article], monkeypatch: pytest.MonkeyPatch) -> None:
    """Vectors of an add that then failed are never found, and are replaced by the next add of the article."""
    real = VectorIndex.add

    def half(self: VectorIndex, keys: Sequence[int], vectors: Vectors) -> None:
        real(self, keys[:3], vectors[:3])
        raise StorageError("the disk is full")

    library.add(bridges[0])
    with monkeypatch.context() as fault:
        fault.setattr(VectorIndex, "add", half)
        with pytest.raises(StorageError, match="the disk is full"):
            list(library.add_all(bridges[1:7]))
    assert [p.article.id for p in library.search(["bridge number 2"]).passages] == ["a0"]
    assert len(list(library.add_all(bridges[1:7]))) == 6
    assert library.check() == 7
