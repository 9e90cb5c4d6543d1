import pytest

from index import Article, Evidence
from service.answering.corrections import corrects

TEXT = "The fire killed 6 workers."


def at(moment: str | None, *, title: str | None = None, around: str = "", outlet: str = "Apex") -> Evidence:
    """Return the sentence of an article of that time, with what stands around it."""
    text = f"{around} {TEXT} {around}"
    start = text.index(TEXT)
    article = Article("a", text, language="en", outlet=outlet, title=title, published_at=moment)
    return Evidence(1, article, start, start + len(TEXT), 1.0)


@pytest.mark.parametrize(
    "said",
    [
        "Correction: we had the number wrong.",
        "**Correction, 14 March:** an earlier version of this article said nine.",
        "An earlier report of nine was wrong.",
        "We have corrected it.",
        "The toll was revised on Friday.",
        "The Apex withdrew its report of nine dead.",
        "That is fewer than first reported, and not nine as previously stated.",
        "Berichtigung: es waren sechs.",
    ],
)
def test_what_is_a_correction(said: str) -> None:
    """A later article that says so, beside the sentence or in its title, corrects the earlier one."""
    early = at("2024-05-01")
    assert corrects(at("2024-05-02", around=said), early)
    assert corrects(at("2024-05-02", title=said), early)


@pytest.mark.parametrize(
    "said",
    [
        "The army withdrew its troops on Tuesday.",
        "That is correct, the minister said.",
        "The opposition said the minister was wrong.",
        "A report said that the minister was wrong.",
        "Smith withdrew his bid.",
        "The amended law and the revised budget were read.",
        "Traders spoke of a market correction after the rise.",
    ],
)
def test_what_is_none(said: str) -> None:
    """What is corrected, withdrawn or revised in the news is no correction of the news."""
    assert not corrects(at("2024-05-02", title=said, around=said), at("2024-05-01"))


@pytest.mark.parametrize(
    ("late", "early", "title", "found"),
    [
        ("2024-05-02T16:00:00Z", "2024-05-02T08:00:00Z", "Fire at the mill", True),
        ("2024-05-02T08:00:00Z", "2024-05-02T16:00:00Z", "Correction: fire", False),
        ("2024-05-02T18:00:00+09:00", "2024-05-02T10:00:00Z", "Correction: fire", False),
        ("2024-05-02", "2024-05-02T08:00:00Z", "Correction: fire", True),
        ("2024-05-02", "2024-05-02", "Correction: fire", True),
        ("2024-05-02", "2024-05-02", "Fire at the mill", False),
        ("2024-05-01", "2024-05-02", "Correction: fire", False),
        ("2024-06", "2024-05-31", "Fire at the mill", True),
        (None, "2024-05-02", "Correction: fire", False),
    ],
)
def test_which_came_later(late: str | None, early: str, title: str, *, found: bool) -> None:
    """Of one day, hours decide, and without them the one that says so in its title."""
    assert corrects(at(late, title=title, around="We have corrected it."), at(early, title="Fire")) is found
