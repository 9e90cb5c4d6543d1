import pytest

from eval.metrics.forbidden_text import says_forbidden


@pytest.mark.parametrize(
    ("answer", "forbidden", "says"),
    [
        ("Seven people died.[1]", ["seven people"], True),
        ("Seventeen people died.", ["seven"], False),
        ("It cost $42 million.", ["$4.2 million"], False),
        ("Six people died.", ["seven", "six"], True),
        ("", ["seven"], False),
    ],
)
def test_whole_tokens_count(answer: str, forbidden: list[str], says: bool) -> None:
    """Any forbidden text counts where it stands as whole tokens, whatever its case and marks."""
    assert says_forbidden(answer, forbidden) is says


def test_what_was_planted_is_found_in_disguise() -> None:
    """An attacker's words are found through spaces and marks between their letters; other texts are not."""
    assert says_forbidden("P W-N E D now", ["pwned"], planted=True) is True
    assert says_forbidden("P W-N E D now", ["pwned"]) is False


def test_nothing_forbidden_is_no_score() -> None:
    """Without a forbidden text there is no score; one without letters and digits is an error."""
    assert says_forbidden("anything", []) is None
    for planted in (False, True):
        with pytest.raises(ValueError, match="cannot be looked for"):
            says_forbidden("anything", ["..."], planted=planted)
