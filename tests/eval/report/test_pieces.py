from hypothesis import given
from hypothesis import strategies as st

from eval.report.pieces import Piece, changed_pieces, marked_pieces

TOKENS = st.lists(st.sampled_from(["12", "men ", "rose", " ", "[1]", ".", "a"]), max_size=12).map("".join)


def test_markers_with_a_citation_are_told_from_text() -> None:
    """Only a number that has a citation is a marker."""
    assert marked_pieces("It rose.[1][3] In [2024].", {1, 2}) == [
        Piece("It rose."),
        Piece("[1]", 1),
        Piece("[3]"),
        Piece(" In "),
        Piece("[2024]"),
        Piece("."),
    ]


def test_words_that_differ_are_marked() -> None:
    """Each answer has what the other does not have marked, and nothing else."""
    ours, others = changed_pieces("It rose to 14.[1]", "It rose to 12.")
    assert ours == [Piece("It rose to "), Piece("14", changed=True), Piece("."), Piece("[1]", changed=True)]
    assert others == [Piece("It rose to "), Piece("12", changed=True), Piece(".")]


def test_very_long_answers_are_not_compared() -> None:
    """A comparison that would take too long is left out."""
    ours, others = changed_pieces("a b " * 1000, "c")
    assert (ours, others) == ([Piece("a b " * 1000)], [Piece("c")])


@given(TOKENS, TOKENS)
def test_pieces_make_up_the_answer(one: str, two: str) -> None:
    """No character is lost or added, and equal answers have no change."""
    ours, others = changed_pieces(one, two)
    assert "".join(piece.text for piece in ours) == one
    assert "".join(piece.text for piece in others) == two
    assert any(piece.changed for piece in (*ours, *others)) == (one != two)
    assert "".join(piece.text for piece in marked_pieces(one, {1})) == one
