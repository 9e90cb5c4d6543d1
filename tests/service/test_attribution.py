from collections.abc import Sequence

import pytest

from index import Article, Evidence
from service.attribution import Attributed, attribute
from service.chat.base import Draft

QUESTION = "Who led the Chinese side?"


def evidence(*sentences: str, scores: Sequence[float] = ()) -> tuple[Evidence, ...]:
    """Make one article of these sentences, each of them evidence."""
    article = Article("a", " ".join(sentences))
    found, start = [], 0
    for number, sentence in enumerate(sentences, 1):
        score = scores[number - 1] if scores else 1 / number
        found.append(Evidence(number, article, start, start + len(sentence), score))
        start += len(sentence) + 1
    return tuple(found)


def cited(answer: Attributed | None) -> list[int]:
    """Return the numbers of the evidence that an answer rests on."""
    assert answer is not None
    return [item.number for item in answer.evidence]


def test_the_named_sentence_is_cited() -> None:
    """The sentence that the model named stands where it holds the answer's words."""
    shown = evidence("It rained.", "General Zhang led the Chinese side.")
    answer = attribute(Draft(("2",), "General Zhang led the Chinese side."), QUESTION, shown)
    assert answer == Attributed("General Zhang led the Chinese side.", (shown[1],))


def test_a_number_one_line_off_is_put_right() -> None:
    """Where the phrase stands in another sentence than the one named, that one is cited."""
    shown = evidence("It rained.", "General Zhang led the Chinese side.", "They left.")
    answer = attribute(Draft(("3",), "General Zhang"), QUESTION, shown)
    assert answer == Attributed("General Zhang", (shown[1],))


def test_named_sentences_come_before_better_ranked_ones() -> None:
    """Of two sentences that hold the answer, the named one is cited, whatever its rank."""
    shown = evidence("Zhang spoke.", "Zhang led.", scores=(0.9, 0.1))
    assert cited(attribute(Draft(("2",), "Zhang"), QUESTION, shown)) == [2]


def test_without_a_named_one_the_best_ranked_holder_is_cited() -> None:
    """Of two sentences that hold the answer and were not named, the one that ranked best is cited."""
    shown = evidence("Zhang spoke.", "Zhang led.", "It rained.", scores=(0.1, 0.9, 0.5))
    assert cited(attribute(Draft(("3",), "Zhang"), QUESTION, shown)) == [2]


def test_the_questions_own_words_do_not_count() -> None:
    """A sentence that only repeats the question holds no answer."""
    shown = evidence("The Chinese side led.", "General Zhang spoke.", scores=(0.9, 0.1))
    assert cited(attribute(Draft(("1",), "The Chinese side was led by General Zhang"), QUESTION, shown)) == [1]
    assert cited(attribute(Draft(("1",), "General Zhang led the Chinese side"), QUESTION, shown)) == [2]


def test_an_answer_of_the_questions_words_alone_is_looked_up_whole() -> None:
    """Where nothing but the question's words is left, all words of the answer count."""
    shown = evidence("It rained.", "The Chinese side led.")
    assert cited(attribute(Draft(("1",), "the Chinese side"), QUESTION, shown)) == [2]


def test_two_named_sentences_stand_together() -> None:
    """Where no one sentence holds the answer, all that were named are cited, in reading order."""
    shown = evidence("General Zhang spoke.", "The army chief left on Sunday.", "It rained.")
    answer = attribute(Draft(("2", "1"), "General Zhang left on Sunday."), QUESTION, shown)
    assert cited(answer) == [1, 2]
    assert answer


def test_ids_that_were_never_shown_count_for_nothing() -> None:
    """Invented ids beside a real one are dropped."""
    shown = evidence("General Zhang spoke.", "It rained.")
    assert cited(attribute(Draft(("40", "1", "0", "01", "1 "), "Admiral Li and Zhang"), QUESTION, shown)) == [1]


def test_invented_ids_alone_fall_back_on_the_best_share() -> None:
    """With no real id the sentence that shares most words is taken, to be checked."""
    shown = evidence("It rained on Sunday.", "Admiral Li was there.", "Li.", scores=(0.9, 0.2, 0.1))
    assert cited(attribute(Draft(("40",), "Admiral Li of the navy"), QUESTION, shown)) == [2]


@pytest.mark.parametrize("shown", [(), evidence("It rained."), evidence("")])
def test_nothing_shared_is_no_attribution(shown: tuple[Evidence, ...]) -> None:
    """Invented ids and words that stand nowhere cannot be attributed."""
    assert attribute(Draft(("40",), "Emperor Norton"), QUESTION, shown) is None


def test_an_answer_without_words_rests_on_what_it_named() -> None:
    """An answer of signs alone keeps its named sentence, and is lost without one."""
    shown = evidence("It rained.")
    assert cited(attribute(Draft(("1",), "?!"), QUESTION, shown)) == [1]
    assert attribute(Draft(("2",), "?!"), QUESTION, shown) is None


def test_case_and_width_do_not_matter() -> None:
    """Words are compared after compatibility normalisation and case folding."""
    shown = evidence("It rained.", "ＧＥＮＥＲＡＬ Straße 1½ spoke.")
    assert cited(attribute(Draft(("1",), "General STRASSE"), QUESTION, shown)) == [2]
