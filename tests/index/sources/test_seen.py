"""What a lastmod proves of an item that was read at some time."""

import pytest

from index.ledger import Item
from index.sources.seen import unchanged

READ_AT = "2024-06-03T00:00:00+00:00"


@pytest.mark.parametrize(
    ("lastmod", "proves"),
    [
        ("2024-06-01", True),
        ("2024-06-02", False),
        ("2024-06-03", False),
        ("2024-05", True),
        ("2024-06", False),
        ("2023", True),
        ("2024", False),
        ("2024-06-02T23:59:00Z", True),
        ("2024-06-02T23:59Z", True),
        ("2024-06-02 00:30:00", True),
        ("2024-06-02T00:00:00+02:00", True),
        ("2024-06-02T00:00:00Z", False),
        ("2024-06-02T00:00:00.000-08:00", False),
        ("2024-06-02T00:00Z", False),
        ("yesterday", False),
        ("", False),
    ],
)
def test_what_an_equal_lastmod_proves(lastmod: str, proves: bool) -> None:
    """A moment proves that nothing has changed; a day, month or year only once it was over before the reading."""
    item = Item("https://news.example/a", "page", told={"lastmod": lastmod, "read_at": READ_AT})
    assert unchanged(lastmod, item) is proves


def test_what_another_lastmod_proves() -> None:
    """Nothing; nor does an equal one where nobody knows when the item was read."""
    told = {"lastmod": "2024-05-01T08:00:00Z"}
    assert not unchanged(
        "2024-05-02T08:00:00Z", Item("https://news.example/a", "page", told={**told, "read_at": READ_AT})
    )
    assert not unchanged(told["lastmod"], Item("https://news.example/a", "page", told=told))
