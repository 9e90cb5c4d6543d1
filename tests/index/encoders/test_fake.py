from index.encoders import FakeEncoder, PassageText


def test_it_counts_what_it_encoded() -> None:
    """Passages are counted, questions are not."""
    encoder = FakeEncoder()
    encoder.encode_passages([PassageText("One.", ((0, 4),)), PassageText("Two.", ((0, 4),))])
    encoder.encode_query("One?")
    assert encoder.encoded == 2


def test_dimension_and_revision_are_chosen() -> None:
    """A test can have encoders that do not fit each other."""
    encoder = FakeEncoder(dimension=5, revision="other")
    assert encoder.encode_query("One").shape == (5,)
    assert encoder.encode_query("").shape == (5,)
    assert encoder.revision == "other"


def test_long_words_are_several_tokens() -> None:
    """Words are cut into pieces of eight, so that tokens are not words."""
    assert FakeEncoder().token_spans("abcdefghij, k") == [(0, 8), (8, 10), (10, 11), (12, 13)]
