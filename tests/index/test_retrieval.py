from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from index.articles import Article
from index.encoders import FakeEncoder, PassageText
from index.library import Library
from index.search import Filters

Make = Callable[..., Article]
Search = Callable[..., list[str]]
TOWNS = ("Corvane", "Brenholt", "Saltmere", "Gannet", "Ember", "Quennell")


def test_the_article_that_a_question_is_about_comes_first(towns: Library, found_ids: Search) -> None:
    """A question about one town finds its article first."""
    for town in TOWNS:
        assert found_ids(towns, f"Who burned the hall of {town}?")[0] == town.lower()


def test_what_a_search_returns(towns: Library) -> None:
    """Passages are sorted by score and within the limit; quotes equal the stored text; evidence counts from one."""
    found = towns.search(["hall of Ember", "mayor of Gannet"], limit=4, budget_tokens=40)
    assert len(found.passages) == 4
    assert found.searched == ("hall of Ember", "mayor of Gannet")
    assert (found.articles_searched, found.articles_in_all, found.articles_undated) == (6, 6, 0)
    assert [e.number for e in found.evidence] == list(range(1, len(found.evidence) + 1))
    for e in found.evidence:
        assert e.text == towns.reader.article(e.article.id).text[e.start : e.end]
        assert e.article == towns.reader.article(e.article.id)
    for one, next_one in pairwise(found.evidence):
        assert one.article.id != next_one.article.id or one.end <= next_one.start


def test_scores_of_one_question_are_sorted(towns: Library) -> None:
    """The passages of one question fall in score."""
    scores = [passage.score for passage in towns.search(["hall of Ember"]).passages]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 6


def test_evidence_comes_from_the_passages(towns: Library) -> None:
    """With fewer passages there is evidence of fewer articles, however large the budget."""
    found = towns.search(["hall of Ember"], limit=2, budget_tokens=10_000)
    assert {e.article.id for e in found.evidence} == {p.article.id for p in found.passages}
    assert len(found.evidence) == 6


def test_evidence_stays_within_the_budget(towns: Library) -> None:
    """Evidence holds no more tokens than asked for, but always a sentence."""
    tokens = [
        sum(len(towns.encoder.token_spans(e.text)) for e in towns.search(["Ember"], budget_tokens=n).evidence)
        for n in (0, 15, 60, 10_000)
    ]
    assert 0 < tokens[0] < 15
    assert tokens[1] <= 15
    assert tokens[1] < tokens[2] <= 60 < tokens[3]


def test_an_empty_library_finds_nothing(library: Library) -> None:
    """Without articles there is nothing to find, and no error."""
    found = library.search(["bridge"], filters=Filters(published_from="2022"))
    assert (found.passages, found.evidence, found.articles_searched) == ((), (), 0)
    assert library.search(["bridge"]).searched == ("bridge",)
    assert library.search([]).passages == ()


def test_no_question_and_no_limit(towns: Library) -> None:
    """No questions, or a limit of none, give nothing."""
    assert towns.search([]).passages == ()
    assert towns.search(["Ember"], limit=0).evidence == ()


def test_several_questions_take_turns(towns: Library) -> None:
    """Each question has its best passage before any has its second, and no passage stands twice."""
    found = towns.search(["hall of Ember burned", "hall of Gannet burned", "hall of Ember"], limit=2)
    assert [p.article.id for p in found.passages] == ["ember", "gannet"]
    everything = towns.search(["hall of Ember", "hall of Ember"], limit=50).passages
    assert len({(p.article.id, p.start) for p in everything}) == len(everything) == 6


def test_questions_with_rankings_of_different_lengths(
    library: Library, article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one question has fewer passages than another the turns of the longer go on."""
    monkeypatch.setattr("index.retrieval._NEAREST", 1)
    for i in range(5):
        library.add(article(f"a{i}", f"The bridge number {i} opened."))
    library.add(article("z", "The zeppelin landed."))
    found = library.search(["zeppelin", "bridge number"], limit=50).passages
    assert [p.article.id for p in found[:1]] == ["z"]
    assert {p.article.id for p in found} == {"z", *(f"a{i}" for i in range(5))}
    assert len(found) == 6


@pytest.mark.parametrize("turn", [1, -1])
def test_each_question_is_covered(library: Library, article: Make, turn: int) -> None:
    """A question whose passages are all worse than any of the other's has passages and evidence, within the budget."""
    for i in range(8):
        library.add(
            article(f"bridge{i}", f"The Gannet Bridge opened on day {i}. The Gannet Bridge is long, {i} miles.")
        )
    library.add(article("poor", "Somebody said something about a zeppelin that passed by, and then it rained all day."))
    questions = ["Gannet Bridge opened", "Where did zeppelins come from in those years?"][::turn]
    alone = [library.search([question], limit=4) for question in questions]
    scores = [[passage.score for passage in found.passages] for found in alone][::turn]
    assert min(scores[0]) > max(scores[1])
    for limit, budget in ((2, 45), (4, 45), (4, 350)):
        found = library.search(questions, limit=limit, budget_tokens=budget)
        assert "poor" in [passage.article.id for passage in found.passages]
        assert {e.article.id for e in found.evidence} > {"poor"}
        assert sum(len(library.encoder.token_spans(e.text)) for e in found.evidence) <= budget
        assert len(found.passages) == limit


@pytest.mark.parametrize(
    ("text", "language", "question"),
    [
        ("Die Häuser brannten.", "de", "Häuser"),
        ("Les chevaux mangeaient.", "fr", "chevaux"),
        ("Рядом с мостами стоят дома.", "ru", "мостами"),
        ("Mosty otwarto wczoraj.", "pl", "mosty"),
        ("Daraja lilifunguliwa jana.", "sw", "daraja"),
    ],
)
def test_a_question_in_another_language_has_a_lexical_score(
    library: Library, article: Make, text: str, language: str, question: str
) -> None:
    """A word of the question matches the same word of an article in its language, with a stemmer or without."""
    library.add(article("a", text, language=language))
    assert _lexical_score(library, question) > 0.1


def _lexical_score(library: Library, question: str) -> float:
    """Return what the words add to the score of the one passage of one sentence in `library`."""
    (found,) = library.search([question]).passages
    text = found.article.text
    (vectors,) = FakeEncoder().encode_passages([PassageText(text, ((0, len(text)),))])
    return found.score - 1.25 * float(vectors.passage @ FakeEncoder().encode_query(question))


def test_one_article_has_a_lexical_score(library: Library, article: Make) -> None:
    """In a library of one article its words count, and others do not."""
    library.add(article("a", "The bridge opened."))
    assert _lexical_score(library, "bridge") == pytest.approx(0.5 + 1.25 / 1.6, abs=1e-3)
    assert _lexical_score(library, "zeppelin") == pytest.approx(0, abs=1e-3)


def test_statistics_follow_every_change(library: Library, article: Make, found_ids: Search) -> None:
    """After an add, an update, a removal or a reindex a search knows the articles and languages that are there."""
    library.add(article("en", "The bridge opened."))
    assert found_ids(library, "Häuser") == ["en"]
    library.add(article("de", "Die Häuser brannten.", language="de"))
    assert found_ids(library, "Häuser") == ["de", "en"]
    library.add(article("de", "Les chevaux mangeaient.", language="fr"))
    assert found_ids(library, "chevaux")[0] == "de"
    for change in (library.reindex, lambda: library.remove("en"), library.reindex):
        n = library.search(["bridge"]).articles_in_all
        change()
        assert library.search(["bridge"]).articles_in_all == len(library.reader.articles()) <= n
    assert found_ids(library, "chevaux") == ["de"]
    library.remove("de")
    assert library.search(["chevaux"]).articles_in_all == 0


def test_scores_are_those_of_a_library_that_never_changed(
    open_library: Callable[..., Library], article: Make, tmp_path: Path
) -> None:
    """Counts of words and lengths are forgotten with the articles that are gone."""
    changed, fresh = open_library(), open_library(folder=tmp_path / "fresh")
    changed.add(article("gone", "The bridge " * 30 + "fell."))
    changed.add(article("bridge", "Old bridge."))
    changed.search(["bridge"])
    changed.remove("gone")
    for library in (changed, fresh):
        library.add(article("bridge"))
        library.add(article("ferry", "Ferries stopped."))
    assert changed.search(["bridge cost"]) == fresh.search(["bridge cost"])


def test_a_search_while_articles_are_added(library: Library, article: Make, found_ids: Search) -> None:
    """Between two articles of one call a search finds what was told, whatever its language."""
    library.add(article("en", "The bridge opened."))
    assert found_ids(library, "Häuser") == ["en"]
    for _ in library.add_all([article("de", "Die Häuser brannten.", language="de")]):
        assert found_ids(library, "Häuser") == ["de", "en"]
    assert found_ids(library, "Häuser") == ["de", "en"]
