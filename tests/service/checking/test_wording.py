import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checking.wording import content_words, share

WORDS = st.frozensets(st.sampled_from("abcdefgh"), max_size=5)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Who led the Chinese side?", "en", {"led", "chines", "side"}),
        ("The ferries sailed, and a ferry sails.", "en", {"ferri", "sail"}),
        ("Die Häuser", "de", {"die", "haus"}),
        ("ＧＥＮＥＲＡＬ Straße", None, {"general", "strass"}),
        ("it was in the", "en", set()),
        ("?! …", "en", set()),
        ("", None, set()),
        ("北京市", "zh", {"北京", "京市"}),
    ],
)
def test_words_are_stems_without_function_words(text: str, language: str | None, words: set[str]) -> None:
    """Stems are those of the language, English where none is known; English function words are left out."""
    assert content_words(text, language) == words


@pytest.mark.parametrize(
    ("words", "texts", "held"),
    [
        ("general zhang", ["Zhang spoke.", "It rained."], 0.5),
        ("general zhang", ["Zhang spoke.", "The General's hat."], 1),
        ("general zhang", [], 0),
        ("zhang", ["zhangs"], 1),
        ("zhang", ["Zhangjiajie"], 0),
        ("", ["It rained."], 1),
        ("", [], 1),
    ],
)
def test_a_share_is_of_whole_words_in_any_of_the_texts(words: str, texts: list[str], held: float) -> None:
    """Each word counts once; nothing to look for is held by anything."""
    assert share(content_words(words, "en"), texts, "en") == held


def test_function_words_may_be_looked_for() -> None:
    """What is looked for is not filtered once more."""
    assert share(frozenset(["who", "led"]), ["Who led?"], "en") == 1


@given(words=WORDS, one=WORDS, other=WORDS)
def test_more_text_never_holds_less(words: frozenset[str], one: frozenset[str], other: frozenset[str]) -> None:
    """A share lies from 0 to 1 and grows with the texts; of all of its own words a text holds all."""
    texts = [" ".join(one), " ".join(other)]
    assert 0 <= share(words, texts[:1], None) <= share(words, texts, None) <= 1
    assert share(one, texts, None) == 1
