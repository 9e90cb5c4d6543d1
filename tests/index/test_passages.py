import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.encoders import FakeEncoder
from index.passages import Segments, segment

WORDS = ["word", "a", "Longerword ", "and, ", "then; ", "end. ", "\n", "\n\n", " ", "你好。", "😀", "e\u0301", "_" * 9]
FRAGMENTS = st.lists(st.sampled_from([*WORDS, "-" * 30, "." * 7]), max_size=80).map("".join)


def small_encoder(max_tokens: int) -> FakeEncoder:
    """Return a fake encoder that reads `max_tokens` at once."""
    encoder = FakeEncoder()
    encoder.max_tokens = max_tokens
    return encoder


def check(text: str, segments: Segments, encoder: FakeEncoder) -> None:
    """Assert what holds of the segments of any text."""
    sentences = segments.sentences
    assert len(segments.tokens) == len(sentences)
    covered = [i for passage in segments.passages for i in range(passage.first, passage.last + 1)]
    assert covered == list(range(len(sentences)))
    held = {i for sentence in sentences for i in range(sentence.start, sentence.end)}
    assert all(i in held for i, character in enumerate(text) if character.isalnum())
    for passage in segments.passages:
        inside = text[sentences[passage.first].start : sentences[passage.last].end]
        assert len(encoder.token_spans(inside)) <= encoder.max_tokens
    for sentence in sentences:
        piece = text[sentence.start : sentence.end]
        assert piece == piece.strip()
        assert any(character.isalnum() for character in piece)


@settings(max_examples=150)
@given(st.text() | FRAGMENTS, st.sampled_from([4, 12, 254]))
def test_any_text_is_packed_within_the_limit(text: str, max_tokens: int) -> None:
    """Passages hold every sentence once, in order, and none is longer than the encoder reads."""
    encoder = small_encoder(max_tokens)
    check(text, segment(text, "en", encoder), encoder)


@pytest.mark.parametrize(
    "text",
    [
        "word " * 20_000,
        "a" * 100_000,
        "clause, " * 12_500,
        "语" * 100_000,
        "He said no" + "! " * 5_000 + "and left.",
        "x" + "_" * 9_000 + " y",
    ],
    ids=["words", "one word", "clauses", "no spaces", "marks", "underscores"],
)
def test_one_sentence_of_a_hundred_thousand_characters(text: str) -> None:
    """A sentence over the limit is cut into pieces that fit, and no letter is lost."""
    encoder = FakeEncoder()
    check(text, segment(text, "en", encoder), encoder)


@given(st.text() | FRAGMENTS, st.integers(0, 8))
def test_room_is_kept_for_what_stands_before(text: str, reserved: int) -> None:
    """Passages are shorter by the tokens that each is read with."""
    segments = segment(text, "en", small_encoder(12), reserved=reserved)
    check(text, segments, small_encoder(12 - reserved))
    assert segments == segment(text, "en", small_encoder(12 - reserved))


def test_wordless_lines_between_paragraphs_count() -> None:
    """A passage holds what lies between its sentences, so a long ruler between two paragraphs parts them."""
    encoder = FakeEncoder()
    text = "One short paragraph.\n\n" + "-" * 300 + "\n\nAnother one."
    check(text, segment(text, "en", encoder), encoder)


def test_wordless_pieces_of_a_long_sentence_count() -> None:
    """A passage holds what lies between the pieces of a sentence, so dropped rulers count too."""
    encoder = FakeEncoder()
    text = "\n".join(["The title", "-" * 130, "-" * 200, "-" * 60, "and a last line"])
    check(text, segment(text, "en", encoder), encoder)


def test_short_paragraphs_share_a_passage() -> None:
    """Paragraphs join until the passage holds enough; the next one opens a new passage."""
    text = "\n\n".join(["One short line here."] * 30)
    passages = segment(text, "en", FakeEncoder()).passages
    assert [(p.first, p.last) for p in passages] == [(0, 9), (10, 19), (20, 29)]


def test_a_paragraph_that_fits_stays_whole() -> None:
    """A paragraph is not cut to fill up the one before it."""
    long = " ".join(["This sentence has seven words in it."] * 25)
    segments = segment(f"A heading\n\n{long}\n\n{long}", "en", FakeEncoder())
    assert [(p.first, p.last) for p in segments.passages] == [(0, 25), (26, 50)]


def test_a_long_paragraph_is_cut_into_even_parts() -> None:
    """A paragraph over the limit becomes parts of about the same size, cut at sentences."""
    segments = segment(" ".join(["This sentence has seven words in it."] * 40), "en", FakeEncoder())
    sizes = [sum(segments.tokens[p.first : p.last + 1]) for p in segments.passages]
    assert len(sizes) == 2
    assert max(sizes) - min(sizes) <= 8


def test_a_long_sentence_is_cut_after_a_clause() -> None:
    """A cut stands after a comma of the second half where there is one, else at a space."""
    encoder = small_encoder(10)
    text = "one two three four five six, seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen now"
    pieces = [text[s.start : s.end] for s in segment(text, "en", encoder).sentences]
    assert pieces == [
        "one two three four five six,",
        "seven eight nine ten eleven twelve thirteen fourteen fifteen",
        "sixteen now",
    ]


def test_text_without_a_sentence_has_no_passage() -> None:
    """What holds no word gives no sentence and no passage."""
    assert segment(" ... ", "en", FakeEncoder()) == Segments((), (), ())
