import inspect

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexingError
from index.fetching import errors
from index.fetching.errors import FetchError, shown
from index.fetching.exchange import FOREIGN

FOREIGNERS = [kind for kind in vars(httpcore).values() if inspect.isclass(kind) and issubclass(kind, Exception)]


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://a.test/x?y", "http://a.test/x?y"),
        ("http://user:secret@a.test/", "http://a.test/"),
        ("http://user:se@cret@a.test/", "http://a.test/"),
        ("http://user:se?cret@a.test/", "http://a.test/"),
        ("http:user:secret@a.test", "a.test"),
        ("user:secret@a.test/x", "a.test/x"),
        ("\\\\user:secret@a.test", "\\\\a.test"),
        ("ht\ttp://user:secret@a.test", "ht\\ttp://a.test"),
        ("http://a.test/@name/x", "http://a.test/@name/x"),
        ("http://a.test/x?mail=me@b.test", "http://a.test/x?mail=me@b.test"),
        ("http://a.test/\n\x1b[31m\u202e", "http://a.test/\\n\\x1b[31m\\u202e"),
        ("http://a.test/\ud800", "http://a.test/\\ud800"),
        ("", ""),
    ],
)
def test_a_url_is_shown_safely(url: str, text: str) -> None:
    """Credentials are left out however they are written, and nothing that a terminal obeys is printed."""
    assert shown(url) == text


def test_a_long_url_is_cut() -> None:
    """What is shown has at most 200 characters, without the credentials of a URL of any length."""
    assert len(shown("http://a.test/" + "x" * 500)) == 200
    assert shown("http://u:" + "s" * 5_000 + "@a.test/") == "http://a.test/"


@given(st.text())
def test_whatever_is_shown_is_printable_and_short(url: str) -> None:
    """Any text can stand in a message."""
    assert shown(url).isprintable()
    assert len(shown(url)) <= 200


@pytest.mark.parametrize("name", [name for name in errors.__all__ if name != "shown"])
def test_every_error_is_of_the_tree(name: str) -> None:
    """Each public error is a kind of FetchError, which is one of the index's, and is drawn in the docstring."""
    kind = getattr(errors, name)
    assert issubclass(kind, FetchError)
    assert issubclass(kind, IndexingError)
    assert name in (errors.__doc__ or "")
    assert str(kind("what and how")) == "what and how"


@pytest.mark.parametrize("kind", FOREIGNERS)
def test_every_error_of_httpcore_has_one_of_ours(kind: type[Exception]) -> None:
    """None stays unmapped, also if a later release adds some."""
    assert len(FOREIGNERS) > 10
    assert any(issubclass(kind, foreign) for foreign, _, _ in FOREIGN)
