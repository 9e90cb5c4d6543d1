"""Questions that are hardly any, and words that the full text could mistake."""

from collections.abc import Callable

import pytest

from index.articles import Article
from index.encoders import FakeEncoder
from index.errors import ManifestMismatchError
from index.library import Library
from index.search import Filters

Make = Callable[..., Article]
Search = Callable[..., list[str]]

QUESTIONS = (
    "Who is it?",
    "the of and",
    '"NEAR(" OR * - : ^',
    "NEAR(hall Ember, 2)",
    "hall AND",
    "OR",
    "NOT hall NOT",
    "AND OR NOT NEAR",
    "hall* + ^Ember",
    '"hall of Ember',
    "\"\" '' `` “”",
    'title_words:bridge AND "',
    "{title_words words} : hall",
    "- words : hall",
    "(((hall",
    "lexicon MATCH 'hall'",
    "rowid:1",
    "{braces} {{ }} {0}",
    "' OR 1=1; --",
    "'); DROP TABLE lexicon; --",
    "%s %d \\ \x00 \n \t \x1b",
    "谁是市长？",
    "ใครเป็นนายกเทศมนตรี",
    "誰が市長ですか",
    "市長は誰？ hall",
    "مرحبا 👨‍👩‍👧‍👦",
    "?!",
    "...",
    " ",
    "",
    "\u200b\ufeff",
    "e\u0301\u0301\u0301",
    "\u0984\u0a00\u0e3b",
    "\U000e0001\U0010ffff",
    "hall " * 400,
    " ".join(f"word{i}" for i in range(230)),
    "a" * 2_000,
    "语" * 2_000,
)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: ascii(question[:24]))
def test_any_question_can_be_searched(towns: Library, question: str) -> None:
    """No question breaks the search, with a filter or without, and the best evidence is always given."""
    found = towns.search([question])
    assert found.evidence
    assert found.searched == (question,)
    assert towns.search([question], filters=Filters(languages=["de"])).evidence
    assert towns.search([question, question]).evidence == found.evidence


def test_operators_are_words(library: Library, article: Make, found_ids: Search) -> None:
    """What the full-text language takes for an operator is found as the word it is."""
    library.add(article("other", "Ferries stopped at noon."))
    library.add(article("near", "Near words, and or not."))
    for question in ("NEAR", "near(x", "and", "OR NOT", "not*", "^near", "words:near", "+near -near"):
        assert found_ids(library, question)[0] == "near"


SCRIPTS = {
    "zh": ("东京大学的市长宣布大桥通车。", "大桥通车"),
    "ja": ("市長は橋の開通を発表した。", "橋の開通"),
    "th": ("นายกเทศมนตรีเปิดสะพานใหม่เมื่อวันจันทร์", "สะพานใหม่"),
    "ko": ("시장이 새 다리를 열었다.", "새 다리를"),
    "hi": ("महापौर ने नया पुल खोला।", "नया पुल"),
    "am": ("ከንቲባው አዲስ ድልድይ ከፈቱ።", "አዲስ ድልድይ"),
    "ar": ("افتتح العمدة الجسر الجديد.", "الجسر الجديد"),
    "de": ("Die Brücke wurde eröffnet.", "Brücken"),
    "en": ("The bridge opened.", "bridges"),
}


def test_any_script_is_found_by_its_words(library: Library, article: Make, found_ids: Search) -> None:
    """Text without spaces, and of languages without a stemmer, is found by what stands in it, and is quoted whole."""
    made = [article(language, text, language=language) for language, (text, _) in SCRIPTS.items()]
    assert len(list(library.add_all(made))) == len(SCRIPTS)
    for language, (text, question) in SCRIPTS.items():
        assert found_ids(library, question)[0] == language
        assert [e.text for e in library.search([question], limit=1).evidence] == [text]


def test_words_that_stand_everywhere_draw_nothing(
    library: Library, article: Make, found_ids: Search, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word in more passages than are worth drawing leaves that to the vectors; a rarer one draws its passages."""
    monkeypatch.setattr("index.retrieval._NEAREST", 1)
    made = [article(f"a{i}", f"The bridge number {i} opened{' on sunday' * (i > 3)}.") for i in range(6)]
    assert len(list(library.add_all(made))) == 6
    assert sorted(found_ids(library, "bridge")) == [f"a{i}" for i in range(6)]
    monkeypatch.setattr("index.lexical._MOST_DRAWN", 5)
    (nearest,) = library.search(["bridge"]).passages
    assert nearest.score > 1.25 * 0.5
    assert set(found_ids(library, "bridge on sunday")) >= {"a4", "a5"}
    assert len(found_ids(library, "bridge on sunday")) < 6


def test_words_that_draw_nothing_still_score(library: Library, article: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a passage scores does not depend on which words it was drawn by."""
    for i in range(4):
        library.add(article(f"a{i}", f"The bridge number {i} opened."))
    before = library.search(["bridge number 2"])
    monkeypatch.setattr("index.lexical._MOST_DRAWN", 0)
    assert library.search(["bridge number 2"]) == before


@pytest.mark.parametrize("dimension", [32, 128])
def test_another_dimension_is_refused(open_library: Callable[..., Library], article: Make, dimension: int) -> None:
    """An encoder whose vectors cannot be compared with those stored is refused with the remedy, and changes nothing."""
    library = open_library()
    library.add(article("bridge"))
    library.close()
    changed = open_library(FakeEncoder(dimension=dimension))
    for call in (lambda: changed.search(["bridge"]), lambda: changed.add(article("new"))):
        with pytest.raises(ManifestMismatchError, match=rf"dimension 64 \(now {dimension}\); run `pullquote reindex`"):
            call()
    assert [row.id for row in changed.reader.articles()] == ["bridge"]
    assert changed.reindex() == 1
    assert changed.search(["bridge"]).evidence


def test_a_removal_needs_no_encoder(open_library: Callable[..., Library], article: Make, found_ids: Search) -> None:
    """An article is removed whole though the index was made by another encoder, which then finds the others."""
    library = open_library()
    library.add(article("bridge"))
    library.add(article("ferry", "Ferries stopped."))
    library.close()
    changed = open_library(FakeEncoder(dimension=32))
    changed.remove("bridge")
    assert [row.id for row in changed.reader.articles()] == ["ferry"]
    assert changed.reader.totals().sentences == 1
    changed.close()
    before = open_library()
    assert before.check() == 1
    assert found_ids(before, "bridge") == ["ferry"]
    assert before.add(article("bridge")).encoded == 1


def test_metadata_need_no_index(open_library: Callable[..., Library], article: Make) -> None:
    """What is not encoded can be changed though the index was made by another encoder."""
    library = open_library()
    library.add(article("bridge"))
    library.close()
    changed = open_library(FakeEncoder(dimension=32))
    assert changed.add(article("bridge", outlet="Courier")).encoded == 0
    assert changed.reader.article("bridge").outlet == "Courier"


def test_an_article_of_any_word_breaks_no_search(library: Library, article: Make, found_ids: Search) -> None:
    """A word whose checksum is 0, which ends a line elsewhere, spoils neither its own article nor the others."""
    library.add(article("bridge", "The bridge opened. It is long."))
    library.add(article("odd", "The vigkaancj opened the bridge. Nobody knows why."))
    assert sorted(found_ids(library, "bridge opened")) == ["bridge", "odd"]
    assert found_ids(library, "vigkaancj")[0] == "odd"
