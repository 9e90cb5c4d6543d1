from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest

from index.articles import Article
from index.candidates import Candidate
from index.encoders import FakeEncoder
from index.errors import RerankerError
from index.library import Library
from index.rerankers import FakeReranker
from index.reranking import rerank
from index.scoring import ScoredPassage
from index.search import Filters, Found

Make = Callable[..., Article]


class Listed:
    """A reranker that prefers texts with a word, told apart by how often it stands there; keeps what it was shown."""

    name = "listed"

    def __init__(self, word: str) -> None:
        self.word = word
        self.shown: list[tuple[str, list[str]]] = []

    def scores(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return how often the word stands in each text."""
        self.shown.append((query, list(texts)))
        return [100.0 * text.lower().count(self.word) for text in texts]


@pytest.fixture
def reranked(open_library: Callable[..., Library], article: Make, tmp_path: Path) -> Callable[..., Library]:
    """Return what makes a library of four articles with a reranker, in a folder of its own."""
    folders = (tmp_path / str(i) for i in count())

    def make(reranker: FakeReranker | Listed) -> Library:
        library = open_library(reranker=reranker, folder=next(folders))
        made = [
            article("gannet", "The Gannet Bridge opened. Its xylophone bells rang.", outlet="Courier"),
            article("ember", "The Ember Bridge opened, and bells rang on the bridge all day.", outlet="Herald"),
            article("corvane", "A bell tower of Corvane opened. Xylophone, xylophone!", outlet="Herald"),
            article("quennell", "Ferries stopped near the xylophone.", title="Quennell"),
        ]
        assert len(list(library.add_all(made))) == 4
        return library

    return make


def ids(found: Found) -> list[str]:
    """Return the articles of the passages in order."""
    return [passage.article.id for passage in found.passages]


def test_passages_are_in_the_order_of_the_reranker(reranked: Callable[..., Library]) -> None:
    """What the reranker prefers comes first, whatever the scores were before; scores fall."""
    reranker = Listed("xylophone")
    found = reranked(reranker).search(["When did the Ember Bridge open?"])
    assert ids(found)[0] == "corvane"
    assert set(ids(found)[1:3]) == {"gannet", "quennell"}
    assert ids(found)[3] == "ember"
    scores = [passage.score for passage in found.passages]
    assert scores == sorted(scores, reverse=True)


def test_it_is_shown_the_question_and_the_stored_text(reranked: Callable[..., Library]) -> None:
    """The reranker reads the question as it was asked, and each passage as it stands in the article."""
    reranker = Listed("xylophone")
    found = reranked(reranker).search(["Ember?"])
    ((question, texts),) = reranker.shown
    assert question == "Ember?"
    assert sorted(texts) == sorted(passage.article.text[passage.start : passage.end] for passage in found.passages)


def test_evidence_follows(reranked: Callable[..., Library]) -> None:
    """The best evidence is of the passages that are left, and their order counts among the sentences."""
    found = reranked(Listed("xylophone")).search(["xylophone"], limit=1, budget_tokens=10_000)
    assert {evidence.article.id for evidence in found.evidence} == {"corvane"}
    question = "Did bells ring on the bridge?"
    without = reranked(Listed("nothing")).search([question], budget_tokens=1).evidence
    preferred = reranked(Listed("its xylophone")).search([question], budget_tokens=1).evidence
    assert (without[0].article.id, preferred[0].article.id) == ("ember", "gannet")


def test_the_fake_prefers_shared_words(reranked: Callable[..., Library]) -> None:
    """With the shipped fake the passage with most words of the question comes first, in one call a question."""
    reranker = FakeReranker()
    library = reranked(reranker)
    assert ids(library.search(["a bell tower of corvane"]))[0] == "corvane"
    assert reranker.calls == 1
    found = library.search(["a bell tower of corvane", "ferries near the xylophone"], limit=2)
    assert ids(found) == ["corvane", "quennell"]
    assert reranker.calls == 3


def test_nothing_is_ranked_where_nothing_was_found(open_library: Callable[..., Library], article: Make) -> None:
    """Without candidates the reranker is not asked."""
    reranker = FakeReranker()
    library = open_library(reranker=reranker)
    assert library.search(["bridge"]).passages == ()
    library.add(article("bridge", outlet="Courier"))
    assert library.search(["bridge"], filters=Filters(outlets=["Herald"])).passages == ()
    assert library.search([]).passages == ()
    assert reranker.calls == 0
    with library._database.begin() as connection:
        assert rerank(connection, reranker, "bridge", [], at_least=5) == []
    assert reranker.calls == 0


def test_filters_hold_before_the_reranker(reranked: Callable[..., Library]) -> None:
    """No text outside of the filter is shown to the reranker."""
    reranker = Listed("xylophone")
    found = reranked(reranker).search(["xylophone"], filters=Filters(outlets=["Herald"]))
    assert ids(found) == ["corvane", "ember"]
    assert len(reranker.shown[0][1]) == 2


def test_copies_do_not_fill_what_is_ranked(
    open_library: Callable[..., Library],
    article: Make,
    report: Callable[..., list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A report in more outlets than the reranker is shown leaves room for what others say."""
    monkeypatch.setattr("index.reranking._RERANKED", 4)
    library = open_library(reranker=FakeReranker())
    wire = " ".join(["The Gannet Bridge opened on Monday.", *report(1, 12)])
    made = [article(f"copy{i}", wire) for i in range(6)]
    others = [article(f"other{i}", f"The Gannet Bridge, {word}, opened late.") for i, word in enumerate(("old", "red"))]
    assert len(list(library.add_all([*made, *others]))) == 8
    found = library.search(["When did the Gannet Bridge open on Monday?"], limit=3)
    assert sum(article_id.startswith("copy") for article_id in ids(found)) == 1
    assert {"other0", "other1"} <= set(ids(found))


def test_a_reranker_that_fails(open_library: Callable[..., Library], article: Make) -> None:
    """What the reranker raises ends the search, and the next can succeed."""

    class Failing(FakeReranker):
        def scores(self, query: str, texts: Sequence[str]) -> list[float]:
            if query == "fail":
                raise RerankerError("it cannot be run")
            return super().scores(query, texts)

    library = open_library(reranker=Failing())
    library.add(article("bridge"))
    with pytest.raises(RerankerError, match="cannot be run"):
        library.search(["fail"])
    assert ids(library.search(["bridge"])) == ["bridge"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, article: Make) -> Iterator[Library]:
    """Hold thirty articles of one passage each; to be read only."""
    library = Library(tmp_path_factory.mktemp("thirty"), FakeEncoder)
    made = [article(f"a{i}", "number " * i + "end.") for i in range(30)]
    assert len(list(library.add_all(made))) == 30
    yield library
    library.close()


@pytest.fixture
def ranking(candidate: Callable[..., Candidate]) -> list[ScoredPassage]:
    """Return its passages, with scores that fall from 3 to .1."""
    return [ScoredPassage(candidate(i + 1, ["x"]), 3 - i / 10, (0.0,)) for i in range(30)]


@pytest.mark.parametrize(("at_least", "n"), [(0, 20), (16, 20), (25, 25), (99, 30)])
def test_only_the_best_are_ranked(library: Library, ranking: list[ScoredPassage], at_least: int, n: int) -> None:
    """Twenty passages are shown to the reranker, or as many as are asked for, and the others are left out."""
    reranker = Listed("number")
    with library._database.begin() as connection:
        found = rerank(connection, reranker, "question", ranking, at_least=at_least)
    assert len(found) == len(reranker.shown[0][1]) == n
    assert {passage.candidate.key for passage in found} == set(range(1, n + 1))


def test_scores_stay_in_their_range(library: Library, ranking: list[ScoredPassage]) -> None:
    """The reranker's scale is brought to that of before, from the lowest to the highest; sentences keep their own."""

    class Backwards(Listed):
        def scores(self, query: str, texts: Sequence[str]) -> list[float]:
            super().scores(query, texts)
            return [float(i * i - 500) for i in range(len(texts))]

    with library._database.begin() as connection:
        found = rerank(connection, Backwards(""), "question", ranking, at_least=0)
    assert [passage.candidate.key for passage in found] == list(range(20, 0, -1))
    scores = [passage.score for passage in found]
    assert (scores[0], scores[-1]) == pytest.approx((3, 3 - 19 / 10))
    assert scores == sorted(scores, reverse=True)
    assert all(passage.own == (0.0,) for passage in found)


def test_equal_scores_keep_the_order(library: Library, ranking: list[ScoredPassage]) -> None:
    """Where the reranker sees no difference the order is that of before."""
    with library._database.begin() as connection:
        found = rerank(connection, Listed("nowhere"), "question", ranking, at_least=0)
    assert [passage.candidate.key for passage in found] == list(range(1, 21))
