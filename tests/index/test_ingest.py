from collections.abc import Callable, Iterator, Sequence

import pytest

from index.articles import Article
from index.encoders import FakeEncoder, PassageText, PassageVectors
from index.errors import EncoderError, IdTakenError, ManifestMismatchError, VersionGoneError
from index.ingest import Added, Change, Refused
from index.library import Library

Make = Callable[..., Article]
Search = Callable[..., list[str]]
Outcome = tuple[str, str]


def told(outcomes: Sequence[Added | Refused]) -> list[Outcome]:
    """Return the id of each article, and the change or the error."""
    return [(o.id, str(o.change)) if isinstance(o, Added) else (o.article.id, type(o.error).__name__) for o in outcomes]


class Picky(FakeEncoder):
    """An encoder that refuses passages with a word, and counts its calls."""

    def __init__(self, refused: str = "unreadable") -> None:
        super().__init__()
        self.refused = refused
        self.calls: list[int] = []

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Encode passages, none of them if one has the word."""
        self.calls.append(len(passages))
        if any(self.refused in passage.text for passage in passages):
            raise EncoderError(f"the word {self.refused!r} cannot be encoded")
        return super().encode_passages(passages)


class Tokenless(FakeEncoder):
    """An encoder whose tokenizer refuses texts with a word."""

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the offsets of tokens."""
        if "unreadable" in text:
            raise EncoderError("no token")
        return super().token_spans(text)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let eight articles fill a batch."""
    monkeypatch.setattr("index.ingest._BATCH_ARTICLES", 8)


def test_outcomes_come_in_order(library: Library, article: Make) -> None:
    """Each article has its outcome at its place, however it was settled, in one batch and across several."""
    library.add(article("a3", "Same text.", title="Same"))
    library.add(article("a7", "Same text.", outlet="Old"))
    library.add(article("a9", "Old text."))
    made = [article(f"a{i}", f"Bridge number {i} opened.") for i in range(20)]
    made[3] = article("a3", "Same text.", title="Same")
    made[7] = article("a7", "Same text.", outlet="New")
    outcomes = list(library.add_all(made))
    expected = {"a3": "unchanged", "a7": "updated", "a9": "updated"}
    assert told(outcomes) == [(f"a{i}", expected.get(f"a{i}", "added")) for i in range(20)]
    assert [o.encoded for o in outcomes if isinstance(o, Added)] == [int(i not in (3, 7)) for i in range(20)]
    assert library.check() == 20
    assert library.reader.article("a7").outlet == "New"


def test_passages_are_encoded_across_articles(
    open_library: Callable[..., Library],
    article: Make,
    report: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many short articles are encoded in few calls, a long one in one."""
    encoder = Picky()
    library = open_library(encoder)
    assert len(list(library.add_all(article(f"a{i}", f"Bridge {i} opened.") for i in range(18)))) == 18
    assert [n for n in encoder.calls if n] == [8, 8, 2]
    monkeypatch.setattr("index.ingest._BATCH_PASSAGES", 4)
    long = "\n\n".join(" ".join(report(seed, 6)) for seed in range(9))
    encoder.calls.clear()
    made = [article("long", long), *(article(f"b{i}", f"Bridge {i} closed.") for i in range(6))]
    assert len(list(library.add_all(made))) == 7
    assert [n for n in encoder.calls if n] == [9, 4, 2]


def test_an_unchanged_article_asks_the_encoder_nothing(open_library: Callable[..., Library], article: Make) -> None:
    """What need not be encoded loads no model: the encoder is not called, not even with nothing to do."""
    encoder = Picky()
    library = open_library(encoder)
    library.add(article("a", title="Bridge"))
    encoder.calls.clear()
    assert told([library.add(article("a", title="Bridge"))]) == [("a", "unchanged")]
    assert told([library.add(article("a", title="Bridge", outlet="Courier"))]) == [("a", "updated")]
    assert list(library.add_all([])) == []
    assert encoder.calls == []


def test_an_article_that_cannot_be_encoded(
    open_library: Callable[..., Library], article: Make, found_ids: Search
) -> None:
    """Of a batch only the article that the encoder refuses is refused, and what was there of it stays."""
    library = open_library(Picky())
    library.add(article("a2", "The old text."))
    made = [article(f"a{i}", f"Bridge number {i} opened.") for i in range(5)]
    made[2] = article("a2", "This is unreadable.")
    made[4] = article("a4", "So unreadable too.")
    outcomes = list(library.add_all(made))
    errors = {"a2": "EncoderError", "a4": "EncoderError"}
    assert told(outcomes) == [(f"a{i}", errors.get(f"a{i}", "added")) for i in range(5)]
    refused = outcomes[2]
    assert isinstance(refused, Refused)
    assert refused.article == made[2]
    assert "cannot be encoded" in str(refused.error)
    assert library.reader.article("a2").text == "The old text."
    assert library.reader.find("a4") is None
    assert found_ids(library, "bridge number 3")[0] == "a3"
    assert library.check() == 4


def test_an_article_that_cannot_be_cut(open_library: Callable[..., Library], article: Make) -> None:
    """What fails before any passage is encoded is refused alike."""
    library = open_library(Tokenless())
    made = [article("a", "One."), article("b", "So unreadable."), article("c", "Two.", title="unreadable")]
    assert told(list(library.add_all(made))) == [("a", "added"), ("b", "EncoderError"), ("c", "EncoderError")]
    assert library.check() == 1


def test_a_batch_in_which_everything_is_refused(open_library: Callable[..., Library], article: Make) -> None:
    """Where nothing is left to write, nothing is written, and all are told."""
    library = open_library(Picky("."))
    made = [article(f"a{i}") for i in range(10)]
    assert told(list(library.add_all(made))) == [(f"a{i}", "EncoderError") for i in range(10)]
    assert (library.check(), library.reader.n_articles()) == (0, 0)


@pytest.fixture
def from_path(article: Make) -> Callable[..., Article]:
    """Return what makes an article whose id comes from a relative path, out of a file in a folder."""

    def make(folder: str, text: str) -> Article:
        given = article("a", text)
        return Article(
            id="a",
            text=given.text,
            language="en",
            source=f"{folder}/a.txt",
            origins={"id": "path"},
        )

    return make


@pytest.mark.parametrize("between", [0, 10], ids=["same batch", "later batch"])
def test_an_id_that_is_taken(library: Library, article: Make, from_path: Callable[..., Article], between: int) -> None:
    """A second file of the same relative path is refused within one call too, and the others are added."""
    others = [article(f"b{i}", f"Bridge {i} opened.") for i in range(between)]
    made = [from_path("one", "First."), *others, from_path("two", "Second."), article("c", "Third.")]
    outcomes = told(list(library.add_all(made)))
    assert [outcomes[0], *outcomes[-2:]] == [("a", "added"), ("a", "IdTakenError"), ("c", "added")]
    assert library.reader.article("a").text == "First."
    with pytest.raises(IdTakenError, match=r"two/a\.txt: its id 'a' already belongs to one/a\.txt"):
        library.add(from_path("two", "Second."))


@pytest.mark.parametrize("between", [0, 7, 17])
def test_the_same_id_twice(library: Library, article: Make, between: int) -> None:
    """The last of an id wins, each is told by its own version, and one that came before is gone."""
    others = [article(f"b{i}", f"Bridge {i} opened.") for i in range(between)]
    made = [article("a", "First."), *others, article("a", "Second. And more."), article("a", "Second. And more.")]
    outcomes = list(library.add_all(made))
    assert [told(outcomes)[i] for i in (0, -2, -1)] == [("a", "added"), ("a", "updated"), ("a", "unchanged")]
    assert [o.version for o in outcomes if isinstance(o, Added)] == [one.version for one in made]
    assert library.reader.article("a").text == "Second. And more."
    with pytest.raises(VersionGoneError):
        library.reader.article("a", made[0].version)
    assert library.check() == between + 2


def test_the_same_id_with_other_metadata(library: Library, article: Make) -> None:
    """New metadata for an article that is still being written are stored after it."""
    made = [article("a", "First."), article("a", "First.", outlet="Courier"), article("a", "First.", outlet="Herald")]
    outcomes = list(library.add_all(made))
    assert told(outcomes) == [("a", "added"), ("a", "updated"), ("a", "updated")]
    assert [o.encoded for o in outcomes if isinstance(o, Added)] == [1, 0, 0]
    assert library.reader.article("a").outlet == "Herald"


def test_a_title_is_encoded_and_an_outlet_is_not(library: Library, article: Make) -> None:
    """Passages are read with their title, so that alone of the metadata, with the language, makes them anew."""
    library.add(article("a", title="Bridge"))
    for fields, encoded in (
        ({"title": "Old Bridge"}, 1),
        ({"title": "Old Bridge", "outlet": "Courier"}, 0),
        ({"title": "Old Bridge", "author": "Abara", "url": "https://example.org/"}, 0),
        ({"title": "Old Bridge", "published_at": "2022", "modified_at": "2023", "fetched_at": "2024"}, 0),
        ({"title": "Old Bridge", "language": "de"}, 1),
        ({"language": "de"}, 1),
        ({"language": "de", "title": "  "}, None),
    ):
        added = library.add(article("a", **fields))
        expected = (Change.UNCHANGED, 0) if encoded is None else (Change.UPDATED, encoded)
        assert (added.change, added.encoded) == expected
    assert library.check() == 3


class _BrokenError(Exception):
    """Stands for whatever ends an iterable."""


@pytest.mark.parametrize("n", [0, 7, 8, 17])
def test_an_iterable_that_breaks(library: Library, article: Make, found_ids: Search, n: int) -> None:
    """What was told before the source of articles failed is in place and found, and nothing is there in part."""

    def broken() -> Iterator[Article]:
        yield from (article(f"a{i}", f"Bridge number {i} opened.") for i in range(n))
        raise _BrokenError

    outcomes: list[Added | Refused] = []
    with pytest.raises(_BrokenError):
        outcomes.extend(library.add_all(broken()))
    _hold(library, [o.id for o in outcomes if isinstance(o, Added)])
    assert library.add(article("new", "The xylophone played.")).change is Change.ADDED
    assert found_ids(library, "xylophone played")[0] == "new"


@pytest.mark.parametrize("taken", [0, 1, 9, 16])
def test_a_generator_that_is_closed(library: Library, article: Make, taken: int) -> None:
    """Whoever stops listening keeps what was told; what was not told is there whole or not at all."""
    outcomes = library.add_all(article(f"a{i}", f"Bridge number {i} opened.") for i in range(26))
    ids = [next(outcomes).id for _ in range(taken)]  # type: ignore[union-attr]
    outcomes.close()  # type: ignore[attr-defined]
    _hold(library, ids)
    assert told(list(library.add_all([article("a0", "Bridge number 0 opened."), article("b", "More.")])))[1] == (
        "b",
        "added",
    )
    _hold(library, [*ids, "b"])


def _hold(library: Library, ids: Sequence[str]) -> None:
    """Assert that these articles are there, and that ledger and vectors agree about all that is."""
    rows = library.reader.articles(limit=1_000)
    assert {row.id for row in rows} >= set(ids)
    assert library.check() == sum(row.sentences for row in rows)
    for article_id in ids[-3:]:
        question = library.reader.article(article_id).text
        assert library.search([question]).evidence[0].article.id == article_id


def test_another_encoder_refuses_all(open_library: Callable[..., Library], article: Make) -> None:
    """An index of another encoder takes none of the articles, and says once how that is mended."""
    library = open_library()
    library.add(article("a"))
    library.close()
    changed = open_library(FakeEncoder(revision="2"))
    assert told(changed.add_all([article("a")])) == [("a", "unchanged")]
    with pytest.raises(ManifestMismatchError, match="pullquote reindex"):
        list(changed.add_all([article("b"), article("c")]))
    assert [row.id for row in changed.reader.articles()] == ["a"]
