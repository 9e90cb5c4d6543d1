import pytest

from eval.bench.data import Document
from eval.measure.errors import SetFormatError
from eval.measure.spans import spans_of

DOCUMENT = Document("a", "Title", "Gate 4 failed. 😀 Gate 4 failed late.")


def test_spans_count_code_points() -> None:
    """Each quote has its half-open span of code points where it first stands, in the order given."""
    assert spans_of(DOCUMENT, ["late", "Gate 4"]) == (("a", 31, 35), ("a", 0, 6))
    assert [DOCUMENT.text[low:high] for _, low, high in spans_of(DOCUMENT, ["failed late."])] == ["failed late."]
    assert spans_of(DOCUMENT, []) == ()


def test_a_quote_that_stands_nowhere_is_an_error() -> None:
    """A quote that is not in the text is named with its article."""
    with pytest.raises(SetFormatError, match="a: 'gate 4' does not stand in its text"):
        spans_of(DOCUMENT, ["Gate 4", "gate 4"])
