import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sentences import split_sentences

PIECES = (
    *("Dr. ", "a", "B. ", "end. ", "U.S. ", "3.14 ", "...", "?! ", '"', "“", "”", "(", ")", "_", "---", "- "),
    *("\n", "\n\n", " \n \n", "\u3000", "\u2028", "\u00a0", "\x85"),
    *("e\u0301", "½ ", "👨‍👩‍👧 ", "नमस्ते। ", "你好。", "再见！", "שלום. ", "مرحبا؟ "),
)
FRAGMENTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


@settings(max_examples=150)
@given(st.text() | FRAGMENTS, st.sampled_from(["en", "zh", "ar", "und", None]))
def test_any_text_is_cut_without_loss(text: str, language: str | None) -> None:
    """Sentences are trimmed, in order, apart, worded, and hold every letter and digit of the text."""
    sentences = split_sentences(text, language)
    held: set[int] = set()
    end = 0
    for sentence in sentences:
        piece = text[sentence.start : sentence.end]
        assert piece
        assert piece == piece.strip()
        assert any(character.isalnum() for character in piece)
        assert sentence.start >= end
        end = sentence.end
        held.update(range(sentence.start, sentence.end))
    assert all(i in held for i, character in enumerate(text) if character.isalnum())
    assert [s.paragraph for s in sentences] == sorted(s.paragraph for s in sentences)


def pieces(text: str, language: str | None = "en") -> list[str]:
    """Return the sentences of `text` as strings."""
    return [text[sentence.start : sentence.end] for sentence in split_sentences(text, language)]


def test_full_stops_end_sentences_and_abbreviations_do_not() -> None:
    """A title before a name does not end a sentence."""
    assert pieces("Dr. Abara spoke. Mr. Lindqvast left!") == ["Dr. Abara spoke.", "Mr. Lindqvast left!"]


def test_a_blank_line_ends_a_sentence_and_a_single_newline_does_not() -> None:
    """Wrapped lines stay one sentence; paragraphs are numbered."""
    text = "A line that\nis wrapped\n \t\nAnother paragraph"
    assert pieces(text) == ["A line that\nis wrapped", "Another paragraph"]
    assert [sentence.paragraph for sentence in split_sentences(text)] == [0, 1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("She left. ... !!!", ["She left. ... !!!"]),
        ("*** She left.", ["*** She left."]),
        ("She left.\n\n* * *\n\nHe came.", ["She left.", "He came."]),
        ("... !!!", []),
        ("", []),
        (" \n ", []),
    ],
)
def test_pieces_without_a_word(text: str, expected: list[str]) -> None:
    """A piece without a letter joins its neighbour in the paragraph, and a paragraph of them is no sentence."""
    assert pieces(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("你好。再见！", "zh", ["你好。", "再见！"]),
        ("افتتح الجسر. أغلق الميناء.", "ar", ["افتتح الجسر.", "أغلق الميناء."]),
        ("The 👨‍👩‍👧‍👦 came. They left.", "en", ["The 👨‍👩‍👧‍👦 came.", "They left."]),
        ("Cafe\u0301 opened. It closed.", "en", ["Cafe\u0301 opened.", "It closed."]),
        ("It opened. It closed.", "no-such-language", ["It opened.", "It closed."]),
        ("It opened. It closed.", None, ["It opened.", "It closed."]),
    ],
)
def test_scripts_and_languages(text: str, language: str | None, expected: list[str]) -> None:
    """Offsets are code points whatever the script, and an unknown language is cut like English."""
    assert pieces(text, language) == expected


def test_sentences_longer_than_a_window() -> None:
    """A paragraph of many windows is cut at sentence ends, as if it were read at once."""
    sentence = "The council approved the bridge after a long debate in the old hall."
    assert set(pieces(" ".join([sentence] * 300))) == {sentence}


@pytest.mark.parametrize("unit", ["word ", "a", "语"])
def test_one_sentence_of_a_hundred_thousand_characters(unit: str) -> None:
    """A sentence without an end, even a single word of it, is cut and nothing is lost."""
    text = (unit * 100_000)[:100_000].strip()
    assert "".join(pieces(text)).replace(" ", "") == text.replace(" ", "")


def test_unclosed_quotes_take_no_quadratic_time() -> None:
    """A megabyte of opening quotes is cut within the time of a test."""
    assert pieces('"a ' * 100_000)


def test_titles_end_no_sentence() -> None:
    """What follows an abbreviated title belongs to its sentence."""
    text = 'Cllr. Harrow met Ms. Abara. "Ms. Tolliver left," said Dr. Ruhl. They agreed.'
    found = [text[sentence.start : sentence.end] for sentence in split_sentences(text, "en")]
    assert found == ["Cllr. Harrow met Ms. Abara.", '"Ms. Tolliver left," said Dr. Ruhl.', "They agreed."]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The talks were held in May.", "Sales fell.", "In May 2022 they rose."],
        ["He said, “We met in May. Sales fell.”", "She left (it was May. It rained)."],
        ["it came in.", "it went 6 in. further."],
        ["Prices rose 4 pct. in June.", "They fell 3 pct.", "Nobody knew why."],
        ["Sales were $1.2 bn. in all, and 5 lbs. of it were red."],
        ["The 1st Bn. left on Thurs. for Ft. Bragg.", "Atty. Gen. Smith came on Sun.", "He sat in the sun."],
        ['The TV is 55" wide.', 'A 60" one costs more.', 'He called it "the best of 1990" and left.', "It broke."],
    ],
)
def test_what_the_library_takes_for_an_abbreviation_or_a_quote(sentences: list[str]) -> None:
    """May ends a sentence, a unit does not where small letters follow, and inch marks are no quotes."""
    assert pieces(" ".join(sentences)) == sentences
