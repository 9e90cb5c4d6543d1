from collections.abc import Callable

import pytest
from sqlalchemy import event

from index.articles import Article
from index.candidates import CANDIDATES
from index.library import Library
from index.search import Filters
from index.vectors import VectorIndex

Make = Callable[..., Article]


@pytest.fixture
def planned(library: Library, article: Make) -> Callable[..., list[str]]:
    """Return what searches some hundred articles, two of them copies, and gives the plan of each statement."""
    made = [article(f"a{i}", f"Bell {i} rang in town {i}. Nobody came to see it.", outlet="A") for i in range(300)]
    assert sum(outcome.encoded for outcome in library.add_all([*made, article("b", made[0].text)])) == 301  # type: ignore[union-attr]

    executed: list[tuple[str, object]] = []

    def note(*told: object) -> None:
        executed.append((str(told[2]), told[3]))

    event.listen(library._database._engine, "before_cursor_execute", note)

    def plans(filters: Filters | None = None) -> list[str]:
        executed.clear()
        library.search(["Bell 0 rang"], filters=filters)
        asked = [one for one in executed if one[0].startswith(("SELECT", "WITH"))]
        with library._database.begin() as connection:
            return [
                str(row.detail)
                for statement, values in asked
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[arg-type]
            ]

    return plans


@pytest.mark.parametrize("filters", [None, Filters(article_ids=["a1"]), Filters(outlets=["A"])])
def test_no_search_reads_all_passages(planned: Callable[..., list[str]], filters: Filters | None) -> None:
    """Beside the count, which is kept, no statement of a search goes through all passages, contents or versions."""
    planned()
    plans = planned(filters)
    assert any("INTEGER PRIMARY KEY" in plan for plan in plans), plans
    scans = [plan for plan in plans if plan.startswith("SCAN") and plan.split()[1] in "pcv"]
    assert scans == []


def test_the_first_removal_makes_nothing_anew(
    open_library: Callable[..., Library], article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After opening, an article is removed without the vector index being built again."""
    library = open_library()
    list(library.add_all([article("a"), article("b", "Other words stand here.")]))
    library.close()
    reopened = open_library()
    monkeypatch.setattr(Library, "_open_vectors", lambda *_: pytest.fail("built again"))
    reopened.remove("a")
    assert reopened.check() == 1


def test_a_rebuild_that_fails_can_be_tried_again(
    open_library: Callable[..., Library], article: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stopped the making of the vector index, such as a full disk, leaves nothing that stops the next try."""
    library = open_library()
    library.add(article("a"))
    library.close()
    for seal in library._folder.rglob("closed.json"):
        seal.unlink()
    reopened = open_library()
    with monkeypatch.context() as fault:
        fault.setattr(VectorIndex, "add", lambda *_: (_ for _ in ()).throw(OSError("disk")))
        with pytest.raises(OSError, match="disk"):
            reopened.search(["bridge"])
    assert reopened.search(["bridge"]).evidence
    assert reopened.add(article("b", "Other words stand here.")).encoded == 1


def test_a_notice_of_everybody_leaves_room(library: Library, article: Make) -> None:
    """More copies than candidates are drawn do not keep others with the same words out."""
    notice = "The Gannet Bridge is closed on Monday for a yearly inspection of all of its cables and bearings."
    copies = [article(f"copy{i:03}", notice, outlet=f"Outlet {i}") for i in range(3 * CANDIDATES)]
    others = [article(f"other-{name}", f"The Gannet Bridge was visited by {name}.") for name in ("Abara", "Vash")]
    list(library.add_all([*copies, *others]))
    found = {passage.article.id for passage in library.search(["Gannet Bridge visited closed"]).passages}
    assert {"other-Abara", "other-Vash"} <= found
    assert len(found) == 3


def test_trade_marks_do_not_stick_to_names(library: Library, article: Make) -> None:
    """A name is found with and without its sign, and in letters of another kind."""
    library.add(article("a", "Corvane™ bricks and 𝐀pple® pies were sold."))
    for question in ("corvane", "Corvane®", "apple"):
        assert library.search([question]).evidence


@pytest.mark.parametrize("name", ["Libe\u0301ration", " Libération "])
def test_a_filter_is_compared_as_names_are_stored(library: Library, article: Make, name: str) -> None:
    """Composed or not, with spaces around it or not, a name is the same."""
    library.add(article("a", outlet="Libération"))
    assert library.search(["bridge"], filters=Filters(outlets=[name])).articles_searched == 1
