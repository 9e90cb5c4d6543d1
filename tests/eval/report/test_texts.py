from hypothesis import given
from hypothesis import strategies as st

from eval.report.texts import moment, printable, setting, shortened


def test_text_is_cut_between_words() -> None:
    """What is too long ends after a word, or within it where there is none near."""
    assert shortened("Who led\n the side?", 40) == "Who led the side?"
    assert shortened("Who led the Chinese side?", 12) == "Who led the…"
    assert shortened("abcdefghij", 5) == "abcd…"


@given(st.text(), st.integers(2, 60))
def test_cut_text_is_never_longer(text: str, limit: int) -> None:
    """No text exceeds its limit, and one within it stays whole but for white space."""
    cut = shortened(text, limit)
    assert len(cut) <= limit
    assert cut.endswith("…") or cut == " ".join(text.split())


def test_what_cannot_be_seen_is_replaced() -> None:
    """Controls, halves of characters, marks of direction and tags are replaced one by one; letters never are."""
    assert printable("a\x00b\x1bc\ud800d\u202ee\U000e0041f") == "a�b�c�d�e�f"
    kept = "ümlaut, 中文, שלום, नमस्ते, emoji \U0001f469\u200d\U0001f680,\ttab\nand line"
    assert printable(kept) == kept


@given(st.text(st.characters(codec=None)))
def test_printable_text_can_be_written(text: str) -> None:
    """Whatever it was, it can be encoded."""
    printable(text).encode()


def test_moments() -> None:
    """A day is a day; a moment is told with its zone."""
    assert moment("2022-06") == "2022-06"
    assert moment("2022-06-13T08:30:00+05:00") == "2022-06-13 08:30:00+05:00"
    assert moment("2022-06-13T08:30:00Z") == moment("2022-06-13T08:30:00+00:00") == "2022-06-13 08:30:00 UTC"
    assert moment("x") == "x"


def test_settings() -> None:
    """What is not set is none, and a whole number has no decimals."""
    assert [setting(value) for value in (None, 2.0, 0.35, True, "auto")] == ["none", "2", "0.35", "True", "auto"]
