import pytest

from index.words import index_words, is_function_word, query_pairs, query_words


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("The bridges were opened", "en", ["the", "bridg", "were", "open"]),
        ("Die Häuser", "de", ["die", "haus"]),
        ("les élections", "fr-CA", ["le", "elect"]),
        ("The bridges", None, ["the", "bridg"]),
        ("The bridges", "und", ["the", "bridges"]),
        ("ＦＵＬＬ ﬁt Straße", "und", ["full", "fit", "strasse"]),
        ("Cafe\u0301 CAFÉ", "und", ["cafe", "cafe"]),
        ("COVID-19 3.14 a_b", "und", ["covid", "19", "3", "14", "a", "b"]),
        ("", "en", []),
        ("... !", "en", []),
    ],
)
def test_words_are_folded_and_stemmed(text: str, language: str | None, words: list[str]) -> None:
    """Words lose case, accents and endings; a language without a stemmer keeps the endings."""
    assert index_words(text, language) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("东京大学", ["东京", "京大", "大学"]),
        ("语", ["语"]),
        ("iPhone在东京", ["iphon", "在东", "东京"]),
        ("ひらかな", ["ひら", "らか", "かな"]),
    ],
)
def test_scripts_without_spaces_give_pairs(text: str, words: list[str]) -> None:
    """Where words have no spaces between them, neighbouring characters are the words."""
    assert index_words(text, "en") == words


@pytest.mark.parametrize("word", ["हिन्दी", "தமிழ்", "తెలుగు"])
def test_vowel_signs_do_not_cut_words(word: str) -> None:
    """A word of a script with vowel signs stays one word."""
    assert len(index_words(word, "und")) == 1


def test_a_word_of_a_hundred_thousand_letters_is_cut() -> None:
    """A word is kept to its first 64 characters."""
    assert index_words("a" * 100_000, "und") == ["a" * 64]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who led the Chinese side?", ["led", "chines", "side"]),
        ("Bridges and the bridge", ["bridg"]),
        ("Who is it?", ["who", "is", "it"]),
        ('"NEAR(" OR * - : ^', ["near"]),
        ("{braces} %s $1", ["brace", "s", "1"]),
        ("谁是市长", ["谁是", "是市", "市长"]),
        ("?!", []),
        ("", []),
    ],
)
def test_words_of_a_question(question: str, words: list[str]) -> None:
    """A question keeps its distinct content words, or all where it has no others."""
    assert query_words(question, None) == words


@pytest.mark.parametrize(
    ("question", "language", "pairs"),
    [
        ("When did the Gannet Bridge open?", "en", [("gannet", "bridg"), ("bridg", "open")]),
        ("bridge", "en", []),
        ("the bridge of the town", "en", []),
        ("Who is it?", "en", [("who", "is"), ("is", "it")]),
        ("old bridge old bridge", "en", [("old", "bridg"), ("bridg", "old")]),
        ("Häuser brannten", "de", [("haus", "brannt")]),
        ("东京大学", "zh", [("东京", "京大"), ("京大", "大学")]),
        ("?!", "en", []),
        ("", None, []),
    ],
)
def test_pairs_of_a_question(question: str, language: str | None, pairs: list[tuple[str, str]]) -> None:
    """Content words that stand next to each other are a pair, each once; a function word between parts them."""
    assert query_pairs(question, language) == pairs
    assert {word for pair in pairs for word in pair} <= set(query_words(question, language))


def test_function_words() -> None:
    """English function words are told from others as they stand in an index."""
    assert [word for word in index_words("The bridge of this town was it", "en") if not is_function_word(word)] == [
        "bridg",
        "town",
    ]
