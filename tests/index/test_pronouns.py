from collections.abc import Callable

import pytest

from index.articles import Article
from index.library import Library
from index.pronouns import leans_on_the_one_before
from index.words import index_words

Make = Callable[..., Article]


@pytest.mark.parametrize(
    ("sentence", "language", "leans"),
    [
        ("He opened it.", "en", True),
        ("“They opened it,” she said.", "en", True),
        ("These were new.", "en-GB", True),
        ("Its roof fell.", None, True),
        ("The mayor opened it.", "en", False),
        ("Hermann opened it.", "en", False),
        ("Theseus opened it.", "en", False),
        ("Sie kostete viel.", "de", True),
        ("Diese kostete viel.", "de-AT", True),
        ("Ihrer war neu.", "de", True),
        ("Die Brücke kostete viel.", "de", False),
        ("Er öffnete sie.", "de", True),
        ("Elle a coûté cher.", "fr", True),
        ("Ils sont partis.", "fr", True),
        ("C’est fini.", "fr", True),
        ("Les élus sont partis.", "fr", False),
        ("Ella habló.", "es", True),
        ("La alcaldesa habló.", "es", False),
        ("Ciò è vero.", "it", True),
        ("Zij opende de brug.", "nl", True),
        ("Eles abriram a ponte.", "pt", True),
        ("Han öppnade bron.", "sv", False),
        ("他开了桥。", "zh", False),
        ("He opened it.", "und", False),
        ("?!", "en", False),
    ],
)
def test_sentences_that_lean(sentence: str, language: str | None, *, leans: bool) -> None:
    """A sentence leans on the one before if it begins with a pronoun of its language, where that has a list."""
    assert leans_on_the_one_before(" ".join(index_words(sentence, language)), language) is leans


ENGLISH = (
    "Quennell Harbour was rebuilt by Mayor Abara last spring.",
    "It cost nine million crowns, paid in four instalments.",
    "Four million crowns were paid for a road.",
)
GERMAN = (
    "Der Hafen von Quennell wurde letzten Sommer neu gebaut.",
    "Er kostete neun Millionen Kronen, bezahlt in vier Raten.",
    "Vier Millionen Kronen wurden für eine Straße bezahlt.",
)
FRENCH = (
    "Le port de Quennell a été rebâti au printemps dernier.",
    "Il a coûté neuf millions de couronnes, payées en quatre fois.",
    "Quatre millions de couronnes ont été payés pour une route.",
)
ASKED = {
    "en": "How many million crowns did it cost, paid in instalments?",
    "de": "Wie viele Millionen Kronen kostete er, bezahlt in Raten?",
    "fr": "Combien de millions de couronnes il a coûté, payées en quatre fois ?",
}


def numbers(library: Library, question: str, sentences: tuple[str, ...], budget: int) -> list[int]:
    """Return which of `sentences` are the evidence, in its order."""
    found = library.search([question], limit=1, budget_tokens=budget)
    return [sentences.index(evidence.text) for evidence in found.evidence]


@pytest.mark.parametrize(("language", "sentences"), [("en", ENGLISH), ("de", GERMAN), ("fr", FRENCH)])
def test_the_sentence_before_is_brought(
    library: Library, article: Make, language: str, sentences: tuple[str, ...]
) -> None:
    """What a pronoun leans on comes with it, before it, also from the paragraph before, if both fit the budget."""
    tokens = [len(library.encoder.token_spans(sentence)) for sentence in sentences]
    for gap in (" ", "\n\n"):
        library.add(article("a", gap.join(sentences), language=language))
        assert numbers(library, ASKED[language], sentences, tokens[1]) == [1]
        assert numbers(library, ASKED[language], sentences, tokens[0] + tokens[1]) == [0, 1]
        assert numbers(library, ASKED[language], sentences, tokens[0] + tokens[1] - 1) in ([1], [1, 2])
        assert numbers(library, ASKED[language], sentences, sum(tokens)) == [0, 1, 2]


def test_no_sentence_is_brought_for_a_language_without_a_list(library: Library, article: Make) -> None:
    """Without a list the better sentences are chosen, as for a sentence without a pronoun."""
    library.add(article("a", " ".join(ENGLISH), language="und"))
    tokens = [len(library.encoder.token_spans(sentence)) for sentence in ENGLISH]
    assert numbers(library, ASKED["en"], ENGLISH, tokens[0] + tokens[1]) == [1, 2]


def test_the_sentence_before_may_stand_in_another_passage(
    library: Library, article: Make, report: Callable[..., list[str]]
) -> None:
    """A passage that begins with a pronoun brings the last sentence of the one before, which was not found itself."""
    sentences = (*report(5, 8), ENGLISH[0], *ENGLISH[1:], *report(6, 8))
    paragraphs = [" ".join(sentences[:9]), " ".join(sentences[9:])]
    library.add(article("a", "\n\n".join(paragraphs)))
    assert library.reader.totals().passages == 2
    assert numbers(library, ASKED["en"], sentences, 24) == [8, 9]
    for n in (1, 3):
        found = library.search([ASKED["en"]] * n, limit=1, budget_tokens=24)
        (passage,) = found.passages
        assert passage.article.text[passage.start :].startswith(ENGLISH[1])
        assert [evidence.text for evidence in found.evidence] == list(ENGLISH[:2])
        assert [evidence.number for evidence in found.evidence] == [1, 2]


def test_an_article_may_begin_with_a_pronoun(library: Library, article: Make) -> None:
    """The first sentence of an article brings none, least of all of another article."""
    library.add(article("a", "Quennell Harbour was rebuilt."))
    library.add(article("b", ENGLISH[1]))
    found = library.search([ASKED["en"]], limit=1)
    assert [evidence.text for evidence in found.evidence] == [ENGLISH[1]]
