from hypothesis import given
from hypothesis import strategies as st

from eval.report.quoting import InPlace, in_place
from service.contract.answers import Quote


def quote(text: str, start: int, article_id: str = "a") -> Quote:
    """Return a quote at a place."""
    about = dict.fromkeys(("url", "title", "author", "outlet", "published_at"))
    return Quote(article_id=article_id, version="v", **about, quote=text, start=start, end=start + len(text))


def test_a_quote_with_what_stands_around_it() -> None:
    """A short article is shown whole."""
    assert in_place(quote("rose", 3), {"a": "It rose."}) == InPlace("It ", "rose", ".")


def test_long_articles_are_cut_between_words() -> None:
    """Some text before and after is shown, from a word to a word, and it is told that there is more."""
    text = "word " * 200 + "QUOTE" + " word" * 200
    shown = in_place(quote("QUOTE", 1000), {"a": text})
    assert shown.cut_before
    assert shown.cut_after
    assert set(shown.before.split()) == set(shown.after.split()) == {"word"}
    assert 200 < len(shown.before) <= 240
    assert 200 < len(shown.after) <= 240


def test_articles_that_are_not_at_hand() -> None:
    """The quote is shown alone, and why."""
    shown = in_place(quote("rose", 3), {})
    assert (shown.before, shown.quote, shown.after) == ("", "rose", "")
    assert "not at hand" in (shown.problem or "")


def test_quotes_that_are_not_there() -> None:
    """A quote that is not the article's text at its offsets is shown alone, and why; offsets below zero too."""
    for wrong in (quote("rose", 2), quote("rose", 90), quote("fell", 3), quote("rose", -5)):
        shown = in_place(wrong, {"a": "It rose."})
        assert "does not have this quote" in (shown.problem or "")
        assert shown.before == shown.after == ""


@given(st.text(min_size=1), st.data())
def test_what_is_shown_stands_so_in_the_article(text: str, data: st.DataObject) -> None:
    """Before, quote and after are one piece of the article."""
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = in_place(quote(text[start:end], start), {"a": text})
    assert shown.problem is None
    assert text.startswith(shown.before + shown.quote + shown.after, start - len(shown.before))
