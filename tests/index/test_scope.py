import math
from collections.abc import Callable, Iterator

import pytest

from index.articles import Article
from index.encoders import FakeEncoder, Vector
from index.library import Library
from index.search import Filters

Make = Callable[..., Article]
Search = Callable[..., list[str]]


@pytest.fixture(params=[2_000, 0], ids=["small scope", "large scope"])
def _scope_size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare every passage in scope, or ask the vector index until enough remain."""
    monkeypatch.setattr("index.retrieval._SCORED_WHOLE", request.param)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(article_ids=["ember", "gannet", "unknown"]), "gannet ember"),
        (Filters(outlets=["Outlet 0"]), "corvane saltmere ember"),
        (Filters(outlets=["Outlet 0", "Outlet 1"]), "corvane brenholt saltmere gannet ember quennell"),
        (Filters(authors=["Author 1", "Author 2"]), "brenholt saltmere ember quennell"),
        (Filters(languages=["de"]), "brenholt gannet quennell"),
        (Filters(outlets=["Outlet 0"], authors=["Author 0"]), "corvane"),
        (Filters(outlets=["Outlet 0"], languages=["de"]), ""),
        (Filters(article_ids=["ember"], outlets=["Outlet 0"], authors=["Author 1"], languages=["en"]), "ember"),
        (Filters(article_ids=["ember"], authors=["Author 0"]), ""),
        (Filters(outlets=["outlet 0"]), ""),
        (Filters(published_from="2022-06-13"), "saltmere gannet ember"),
        (Filters(published_to="2022-06-13"), "corvane brenholt"),
        (Filters(published_from="2022-06-13", published_to="2022-06-14"), "saltmere"),
        (Filters(published_from="2022-06-14", published_to="2022-06-15"), "gannet"),
        (Filters(published_from="2022-06-13", published_to="2022-06-13"), ""),
        (Filters(published_from="2022-06-14", published_to="2022-06-13"), ""),
        (Filters(published_from="2022-06-14T20:00-05:00"), "ember"),
        (Filters(published_from="2022-06", published_to="2022-07"), "brenholt saltmere gannet ember"),
        (Filters(published_from="2023"), ""),
        (Filters(published_from="0001", published_to="9998"), "corvane brenholt saltmere gannet ember"),
        (Filters(languages=["de"], published_from="2022"), "brenholt gannet"),
        (Filters(article_ids=["quennell"], published_from="2022"), ""),
        (Filters(["ember", "saltmere"], ["Outlet 0"], ["Author 1"], ["en"], "2022-06-15", "2022-06-16"), "ember"),
    ],
)
@pytest.mark.usefixtures("_scope_size")
def test_filters(towns: Library, found_ids: Search, filters: Filters, expected: str) -> None:
    """Only articles that every filter admits are found, however large the scope is; windows are half-open UTC days."""
    assert sorted(found_ids(towns, "the hall burned", filters=filters, limit=50)) == sorted(expected.split())
    found = towns.search(["fire"], filters=filters)
    assert (found.articles_searched, found.articles_in_all) == (len(expected.split()), 6)
    assert {e.article.id for e in found.evidence} <= set(expected.split())


def test_undated_articles_are_counted_where_a_window_left_them_out(towns: Library) -> None:
    """A window says how many articles, otherwise admitted, have no date; other filters say zero."""
    for filters, undated in (
        (Filters(published_from="2022"), 1),
        (Filters(published_to="1999"), 1),
        (Filters(published_from="2022", languages=["de"]), 1),
        (Filters(published_from="2022", languages=["en"]), 0),
        (Filters(languages=["de"]), 0),
        (Filters(article_ids=["quennell"], published_from="2022"), 1),
    ):
        assert towns.search(["fire"], filters=filters).articles_undated == undated


def test_a_filter_that_matches_nothing(towns: Library) -> None:
    """Nothing is found, the numbers say why, and the question is told as it was."""
    found = towns.search(["fire", "mayor"], filters=Filters(outlets=["Nowhere"]))
    assert (found.passages, found.evidence, found.searched) == ((), (), ("fire", "mayor"))
    assert (found.articles_searched, found.articles_in_all, found.articles_undated) == (0, 6, 0)


MIDNIGHT = {
    "utc": "2022-06-14T00:00:00Z",
    "bare": "2022-06-14T00:00:00",
    "last second": "2022-06-13T23:59:59Z",
    "east, begun": "2022-06-14T00:00:00+02:00",
    "east, caught up": "2022-06-14T02:00:00+02:00",
    "west, ended": "2022-06-13T23:59:59-00:30",
    "west, not yet": "2022-06-13T23:29:59-00:30",
    "far east": "2022-06-14T13:59:59+14:00",
    "far west": "2022-06-13T12:00:00-12:00",
}


def test_offsets_at_midnight(library: Library, article: Make) -> None:
    """A moment belongs to the UTC day it falls on, whatever the day was where it was written."""
    for i, moment in enumerate(MIDNIGHT.values()):
        library.add(article(f"a{i}", f"Bell number {i} rang.", outlet=list(MIDNIGHT)[i], published_at=moment))

    def rung(begin: str, end: str) -> set[str]:
        found = library.search(["bell"], filters=Filters(published_from=begin, published_to=end), limit=50)
        return {str(passage.article.outlet) for passage in found.passages}

    thirteenth = {"last second", "east, begun", "west, not yet", "far east"}
    assert rung("2022-06-13", "2022-06-14") == thirteenth
    assert rung("2022-06-14", "2022-06-15") == set(MIDNIGHT) - thirteenth
    assert rung("2022-06-14T00:00:00+02:00", "2022-06-13T23:30:00-00:30") == thirteenth


NAMES = (
    "O'Reilly & Sons",
    'The "Daily" Mail',
    "%",
    "_",
    "*",
    "a' OR '1'='1",
    "x'); DROP TABLE articles; --",
    "NEAR(a b)",
    "[1]",
    "{x}",
    "\\",
    "\\u0041",
    ":outlets",
    "?1",
    "Zeitung für Österreich",
    "日報",
    "null",
    "1",
    "a\nb",
)


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory, article: Make) -> Iterator[Library]:
    """Hold one article of each outlet and author name; to be read only."""
    library = Library(tmp_path_factory.mktemp("named"), FakeEncoder)
    made = (article(f"a{i}", f"Bell number {i} rang.", outlet=name, author=name) for i, name in enumerate(NAMES))
    assert len(list(library.add_all(made))) == len(NAMES)
    yield library
    library.close()


@pytest.mark.parametrize(
    "by", [lambda name: Filters(outlets=[name]), lambda name: Filters(authors=[name])], ids=["outlet", "author"]
)
@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_characters(named: Library, found_ids: Search, name: str, by: Callable[[str], Filters]) -> None:
    """A name admits the articles of that very name, whatever it means to SQL, JSON or the full text."""
    expected = [f"a{NAMES.index(name)}"]
    assert found_ids(named, "bell rang", filters=by(name)) == expected


@pytest.mark.parametrize("name", ["", "A", "O%", "o'reilly & sons", "%\x00", "\ud800", "nobody", "日"])
def test_names_that_nobody_has(named: Library, name: str) -> None:
    """A name is compared whole, and one that cannot be stored is nobody's."""
    assert named.search(["bell"], filters=Filters(outlets=[name])).articles_searched == 0


def test_many_ids(named: Library, found_ids: Search) -> None:
    """A filter of thousands of ids is one like any other."""
    filters = Filters(article_ids=[*(f"b{i}" for i in range(40_000)), "a3"])
    assert found_ids(named, "bell", filters=filters) == ["a3"]


def test_a_filter_finds_what_lies_far_from_the_question(
    library: Library, article: Make, found_ids: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a large scope more is fetched until the admitted articles are among it, however badly they match."""
    monkeypatch.setattr("index.retrieval._SCORED_WHOLE", 3)
    monkeypatch.setattr("index.retrieval._NEAREST", 1)
    near = [article(f"near{i}", f"The bridge number {i} opened to bridge traffic.", outlet="Other") for i in range(25)]
    far = [article(f"far{i}", f"Xylophone quartet {i} performs.", outlet="Wanted") for i in range(5)]
    assert len(list(library.add_all([*near, *far]))) == 30
    found = found_ids(library, "bridge traffic", filters=Filters(outlets=["Wanted"]), limit=50)
    assert sorted(found) == [f"far{i}" for i in range(5)]


def test_fetching_stops_when_enough_remain(library: Library, article: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where most candidates pass the filter the first fetch is enough, and where few do it is repeated."""
    monkeypatch.setattr("index.retrieval._SCORED_WHOLE", 3)
    monkeypatch.setattr("index.retrieval._NEAREST", 4)
    monkeypatch.setattr("index.retrieval.CANDIDATES", 4)
    made = [article(f"a{i}", f"Bridge {i} opened.", outlet="Most" if i % 6 else "Few") for i in range(24)]
    assert len(list(library.add_all(made))) == 24
    asked: list[int] = []
    nearest = library._vectors.nearest

    def counting(vector: Vector, n: int) -> list[int]:
        asked.append(n)
        return nearest(vector, n)

    monkeypatch.setattr(library._vectors, "nearest", counting)
    assert library.search(["zeppelin"], filters=Filters(outlets=["Most"])).passages
    assert asked == [math.ceil(4 * 24 / 20)]
    assert library.search(["zeppelin"]).passages
    assert asked[1:] == [4]


@pytest.mark.usefixtures("_scope_size")
def test_no_leg_leaves_the_scope(library: Library, article: Make, found_ids: Search) -> None:
    """The article that matches best by vector and by word is not found where the filter leaves it out."""
    text = "The xylophone quartet of Ember performs."
    library.add(article("outside", text, title="Xylophone quartet", outlet="Other"))
    library.add(article("inside", "Nothing of the kind was reported.", outlet="Wanted"))
    library.add(article("copy", text, outlet="Wanted"))
    question = "When does the xylophone quartet of Ember perform?"
    assert found_ids(library, question)[0] == "outside"
    assert found_ids(library, question, filters=Filters(outlets=["Wanted"])) == ["copy", "inside"]
    found = library.search([question], filters=Filters(outlets=["Wanted"]))
    assert "outside" not in {e.article.id for e in found.evidence}
    assert [passage.copies for passage in found.passages] == [0, 0]
    assert all(not e.copies for e in found.evidence)
