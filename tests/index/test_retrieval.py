from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from index.articles import Article
from index.encoders import FakeEncoder, PassageText
from index.library import Library
from index.search import Filters

TOWNS = ["Corvane", "Brenholt", "Saltmere", "Gannet", "Ember", "Quennell"]


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, article: Callable[..., Article]) -> Iterator[Library]:
    """Hold one article a town, of different outlets, authors, languages and dates; to be read only."""
    library = Library(tmp_path_factory.mktemp("towns"), FakeEncoder)
    dates = ["2022", "2022-06", "2022-06-13", "2022-06-13T23:30:00-05:00", "2022-06-15", None]
    for i, (town, date) in enumerate(zip(TOWNS, dates, strict=True)):
        fields = {"outlet": f"Outlet {i % 2}", "author": f"Author {i % 3}", "language": ["en", "de"][i % 2]}
        text = f"The hall of {town} burned. Nobody was hurt in {town}.\n\nThe mayor of {town} spoke later."
        library.add(article(town.lower(), text, title=f"Fire in {town}", published_at=date, **fields))
    yield library
    library.close()


Search = Callable[..., list[str]]


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


def test_several_questions_take_turns(towns: Library) -> None:
    """Each question has its best passage before any has its second, and no passage stands twice."""
    found = towns.search(["hall of Ember burned", "hall of Gannet burned", "hall of Ember"], limit=2)
    assert [p.article.id for p in found.passages] == ["ember", "gannet"]
    everything = towns.search(["hall of Ember", "hall of Ember"], limit=50).passages
    assert len({(p.article.id, p.start) for p in everything}) == len(everything) == 6


def test_questions_with_rankings_of_different_lengths(towns: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one question has fewer passages than another the turns of the longer go on."""
    monkeypatch.setattr("index.retrieval._CANDIDATES", 1)
    found = towns.search(["zeppelin", "hall of Ember and mayor of Gannet"], limit=50).passages
    assert len(found) == len({passage.article.id for passage in found}) >= 2


def test_evidence_stays_within_the_budget(towns: Library) -> None:
    """Evidence holds no more tokens than asked for, but always a sentence."""
    tokens = [
        sum(len(towns.encoder.token_spans(e.text)) for e in towns.search(["Ember"], budget_tokens=n).evidence)
        for n in (0, 15, 60, 10_000)
    ]
    assert 0 < tokens[0] < 15
    assert tokens[1] <= 15
    assert tokens[1] < tokens[2] <= 60 < tokens[3]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(article_ids=["ember", "gannet", "unknown"]), "gannet ember"),
        (Filters(outlets=["Outlet 0"]), "corvane saltmere ember"),
        (Filters(authors=["Author 1", "Author 2"]), "brenholt saltmere ember quennell"),
        (Filters(languages=["de"]), "brenholt gannet quennell"),
        (Filters(outlets=["Outlet 0"], authors=["Author 0"]), "corvane"),
        (Filters(outlets=["outlet 0"]), ""),
        (Filters(published_from="2022-06-13"), "saltmere gannet ember"),
        (Filters(published_to="2022-06-13"), "corvane brenholt"),
        (Filters(published_from="2022-06-13", published_to="2022-06-14"), "saltmere"),
        (Filters(published_from="2022-06-14", published_to="2022-06-15"), "gannet"),
        (Filters(published_from="2022-06-14T20:00-05:00"), "ember"),
        (Filters(published_from="2022-06", published_to="2022-07"), "brenholt saltmere gannet ember"),
        (Filters(published_from="2023"), ""),
        (Filters(languages=["de"], published_from="2022"), "brenholt gannet"),
    ],
)
@pytest.mark.parametrize("scored_whole", [2_000, 0], ids=["small scope", "large scope"])
def test_filters(
    towns: Library,
    found_ids: Search,
    monkeypatch: pytest.MonkeyPatch,
    *,
    filters: Filters,
    expected: str,
    scored_whole: int,
) -> None:
    """Only articles that every filter admits are found, however large the scope is; windows are half-open UTC days."""
    monkeypatch.setattr("index.retrieval._SCORED_WHOLE", scored_whole)
    assert sorted(found_ids(towns, "the hall burned", filters=filters, limit=50)) == sorted(expected.split())
    found = towns.search(["fire"], filters=filters)
    assert (found.articles_searched, found.articles_in_all) == (len(expected.split()), 6)


def test_undated_articles_are_counted_where_a_window_left_them_out(towns: Library) -> None:
    """A window says how many articles, otherwise admitted, have no date; other filters say zero."""
    window = Filters(published_from="2022")
    assert towns.search(["fire"], filters=window).articles_undated == 1
    assert towns.search(["fire"], filters=Filters(published_from="2022", languages=["en"])).articles_undated == 0
    assert towns.search(["fire"], filters=Filters(languages=["de"])).articles_undated == 0


def test_a_filter_finds_what_lies_far_from_the_question(
    library: Library, article: Callable[..., Article], found_ids: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large scope more is fetched until the admitted articles are among it, however badly they match."""
    monkeypatch.setattr("index.retrieval._SCORED_WHOLE", 3)
    monkeypatch.setattr("index.retrieval._CANDIDATES", 4)
    for i in range(25):
        library.add(article(f"near{i}", f"The bridge number {i} opened to bridge traffic.", outlet="Other"))
    for i in range(5):
        library.add(article(f"far{i}", f"Xylophone quartet {i} performs.", outlet="Wanted"))
    found = found_ids(library, "bridge traffic", filters=Filters(outlets=["Wanted"]), limit=50)
    assert len(found) >= 4
    assert all(one.startswith("far") for one in found)


def test_fetching_stops_when_enough_remain(
    library: Library, article: Callable[..., Article], found_ids: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where most candidates pass the filter the first fetch is enough."""
    monkeypatch.setattr("index.retrieval._SCORED_WHOLE", 3)
    monkeypatch.setattr("index.retrieval._CANDIDATES", 4)
    for i in range(12):
        library.add(article(f"near{i}", f"The bridge number {i} opened.", outlet="Wanted"))
    assert 4 <= len(found_ids(library, "bridge", filters=Filters(outlets=["Wanted"]), limit=50)) < 12


@pytest.mark.parametrize(
    "question",
    [
        "Who is it?",
        '"NEAR(" OR * - : ^',
        'title_words:bridge AND "',
        "{braces} {{ }} {0}",
        "谁是市长？",
        "?!",
        "",
        "' OR 1=1; --",
        "%s \\ \x00 \n",
        "مرحبا 👨‍👩‍👧‍👦",
        "word " * 3_000,
    ],
)
def test_any_question_can_be_searched(towns: Library, question: str) -> None:
    """No question breaks the search, and the best evidence is always given."""
    found = towns.search([question])
    assert found.evidence
    assert found.searched == (question,)


@pytest.mark.parametrize(
    ("text", "language", "question"),
    [
        ("Die Häuser brannten.", "de", "Häuser"),
        ("Les chevaux mangeaient.", "fr", "chevaux"),
        ("Рядом с мостами стоят дома.", "ru", "мостами"),
    ],
)
def test_a_question_in_another_language_has_a_lexical_score(
    library: Library, article: Callable[..., Article], text: str, language: str, question: str
) -> None:
    """A word of the question matches the same word of an article in its language."""
    library.add(article("a", text, language=language))
    assert _lexical_score(library, question) > 0.1


def _lexical_score(library: Library, question: str) -> float:
    """Return what the words add to the score of the one passage of one sentence in `library`."""
    (found,) = library.search([question]).passages
    text = found.article.text
    (vectors,) = FakeEncoder().encode_passages([PassageText(text, ((0, len(text)),))])
    return found.score - 1.5 * float(vectors.passage @ FakeEncoder().encode_query(question))


def test_chinese_is_found_by_its_characters(
    library: Library, article: Callable[..., Article], found_ids: Search
) -> None:
    """Text without spaces is found by words within it."""
    library.add(article("zh", "东京大学的市长宣布大桥通车。", language="zh"))
    library.add(article("en", "The bridge opened."))
    assert found_ids(library, "大桥通车")[0] == "zh"


def test_one_article_has_a_lexical_score(library: Library, article: Callable[..., Article]) -> None:
    """In a library of one article its words count, and others do not."""
    library.add(article("a", "The bridge opened."))
    assert _lexical_score(library, "bridge") > 0.1
    assert abs(_lexical_score(library, "zeppelin")) < 0.01


def test_an_empty_library_finds_nothing(library: Library) -> None:
    """Without articles there is nothing to find, and no error."""
    found = library.search(["bridge"], filters=Filters(published_from="2022"))
    assert (found.passages, found.evidence, found.articles_searched) == ((), (), 0)
    assert library.search(["bridge"]).searched == ("bridge",)


def test_no_question_and_no_limit(towns: Library) -> None:
    """No questions, or a limit of none, give nothing."""
    assert towns.search([]).passages == ()
    assert towns.search(["Ember"], limit=0).evidence == ()
