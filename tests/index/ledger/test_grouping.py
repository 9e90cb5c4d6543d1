"""Stories in a ledger, through the library that groups them."""

from collections.abc import Callable

import pytest

from index.articles import Article
from index.encoders import FakeEncoder
from index.library import Library

Make = Callable[..., Article]
Report = Callable[..., list[str]]


def stories(library: Library) -> dict[str, int]:
    """Return the story of each live article."""
    statement = "SELECT a.id, v.story FROM articles a JOIN versions v ON a.live_version = v.key"
    with library._database.begin() as connection:
        return {row.id: row.story for row in connection.exec_driver_sql(statement)}


def signed(library: Library) -> tuple[int, int, int]:
    """Return how many versions, signatures and bands there are."""
    with library._database.begin() as connection:
        n = [connection.exec_driver_sql(f"SELECT count(*) FROM {t}") for t in ("versions", "signatures", "bands")]  # noqa: S608
        return n[0].scalar_one(), n[1].scalar_one(), n[2].scalar_one()


@pytest.fixture
def told(article: Make, report: Report) -> list[Article]:
    """Return a report, a copy of two thirds, one with another headline, and another report with its copy."""
    fire, vote = report(1), report(2)
    return [
        article("fire", " ".join(fire), title="Fire in Ember"),
        article("cut", " ".join(fire[:16]), title="Fire in Ember"),
        article("vote", " ".join(vote), title="Fire in Ember"),
        article("edited", " ".join(["Twelve hurt as hall burns.", *fire[1:]]), title="Blaze in Ember"),
        article("counted", "\n\n".join(vote), title="Votes counted"),
    ]


@pytest.mark.parametrize("order", [1, -1], ids=["forwards", "backwards"])
@pytest.mark.parametrize("n", [5, 2], ids=["at once", "apart"])
def test_copies_share_a_story(library: Library, told: list[Article], order: int, n: int) -> None:
    """Copies have the story of the first of them, whether or not they come in one call; titles count for nothing."""
    for begin in range(0, 5, n):
        assert list(library.add_all(told[::order][begin : begin + n]))
    found = stories(library)
    assert found["fire"] == found["cut"] == found["edited"]
    assert found["vote"] == found["counted"] != found["fire"]
    assert signed(library) == (5, 5, 5 * 32)


def test_very_short_articles(library: Library, article: Make) -> None:
    """Equal articles of a word or two are a story, others are not."""
    for article_id, text in {"a": "Fire.", "b": "Fire!", "c": "Fire alarm.", "d": "Alarm fire.", "e": "火"}.items():
        library.add(article(article_id, text))
    found = stories(library)
    assert found["a"] == found["b"]
    assert len(set(found.values())) == 4


def test_an_updated_copy(library: Library, told: list[Article], article: Make, report: Report) -> None:
    """A copy that tells something else leaves its story; one that is corrected stays; one may join another."""
    assert len(list(library.add_all(told))) == 5
    before = stories(library)
    library.add(article("cut", " ".join(report(3))))
    library.add(article("edited", " ".join(["Thirteen hurt as hall burns.", *report(1)[1:]])))
    library.add(article("fire", " ".join(report(2)[:20])))
    found = stories(library)
    assert found["cut"] not in before.values()
    assert found["edited"] == before["edited"]
    assert found["fire"] == found["vote"] == before["vote"]
    assert signed(library) == (5, 5, 5 * 32)


def test_a_removed_copy(library: Library, told: list[Article]) -> None:
    """Without the first the others stay together, and it finds them again when it comes back."""
    assert len(list(library.add_all(told))) == 5
    before = stories(library)
    library.remove("fire")
    assert stories(library) == {name: story for name, story in before.items() if name != "fire"}
    assert signed(library) == (4, 4, 4 * 32)
    library.add(told[0])
    assert stories(library) == before


def test_a_story_ends_with_its_last_article(library: Library, told: list[Article]) -> None:
    """When all its articles are gone nothing of it is left, and its number is given to no other."""
    library.add(told[0])
    gone = stories(library)["fire"]
    library.remove("fire")
    assert signed(library) == (0, 0, 0)
    library.add(told[2])
    assert stories(library)["vote"] > gone


def test_metadata_leave_the_story(library: Library, told: list[Article], article: Make, report: Report) -> None:
    """A new outlet changes no story, and a new title none either."""
    assert len(list(library.add_all(told))) == 5
    before = stories(library)
    library.add(article("cut", " ".join(report(1)[:16]), title="Fire in Ember", outlet="Courier"))
    library.add(article("edited", told[3].text, title="Another title"))
    assert stories(library) == before


def test_a_failed_add_leaves_no_signature_for_good(
    open_library: Callable[..., Library], told: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written but never published is gone after opening again, with its signature."""
    library = open_library()
    library.add(told[0])

    def refuse(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as fault:
        fault.setattr("index.vectors.VectorIndex.add", refuse)
        with pytest.raises(RuntimeError):
            library.add(told[1])
    library.close()
    reopened = open_library()
    reopened.check()
    assert signed(reopened) == (1, 1, 32)
    assert list(stories(reopened)) == ["fire"]


def test_reindexing_groups_anew(open_library: Callable[..., Library], told: list[Article]) -> None:
    """Articles whose stories were never told, or wrongly, have them after a reindex, by any encoder."""
    library = open_library()
    assert len(list(library.add_all(told))) == 5
    before = stories(library)
    with library._database.write() as connection:
        for statement in ("DELETE FROM signatures", "DELETE FROM bands", "UPDATE versions SET story = NULL"):
            connection.exec_driver_sql(statement)
    library.close()
    changed = open_library(FakeEncoder(dimension=32))
    assert changed.reindex() == 5
    found = stories(changed)
    assert len(set(found.values())) == 2
    assert {frozenset(n for n in found if found[n] == s) for s in found.values()} == {
        frozenset(n for n in before if before[n] == s) for s in before.values()
    }
    assert signed(changed) == (5, 5, 5 * 32)


def test_copies_are_found_among_many_that_are_somewhat_alike(
    library: Library, article: Make, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where more articles share a band than are compared, the ones that share most of them are."""
    monkeypatch.setattr("index.ledger.grouping._COMPARED", 4)
    common = report(1)[:14]
    texts = [" ".join([*common, *report(seed)[:10]]) for seed in range(2, 32)]
    made = [article(f"a{i}", text) for i, text in enumerate(texts)]
    copies = [article(f"copy{i}", texts[i]) for i in range(15, 30)]
    assert len(list(library.add_all([*made, *copies]))) == 45
    found = stories(library)
    assert [found[f"copy{i}"] for i in range(15, 30)] == [found[f"a{i}"] for i in range(15, 30)]
