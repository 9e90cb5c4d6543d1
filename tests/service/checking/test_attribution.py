from collections.abc import Callable, Sequence

import pytest

from index import Evidence
from service.chat.base import Draft
from service.checking.attribution import Attributed, attributions, sentence_before

Make = Callable[..., tuple[Evidence, ...]]
QUESTION = "Who led the Chinese side?"


def cited(draft: Draft, shown: Sequence[Evidence]) -> list[list[int]]:
    """Return the numbers of the evidence that a statement may rest on, the likeliest first."""
    found = attributions(draft, QUESTION, shown)
    assert {claim.text for claim in found} <= {draft.text}
    return [[item.number for item in claim.evidence] for claim in found]


def test_a_claim_knows_its_sentences_and_their_language(evidence: Make) -> None:
    """Sentences come as one line each; the language is that of the first article."""
    german = evidence("Es\n  regnete. ", language="de", id="b")
    claim = Attributed("Rain.", (*german, *evidence("It rained.")))
    assert claim.sentences == ("Es regnete.", "It rained.")
    assert claim.language == "de"


def test_the_named_sentence_comes_first(evidence: Make) -> None:
    """The sentence that the model named is taken where it holds the statement's words."""
    shown = evidence("It rained.", "General Zhang led the Chinese side.")
    draft = Draft(("2",), "General Zhang led the Chinese side.")
    assert attributions(draft, QUESTION, shown) == [Attributed(draft.text, (shown[1],))]


def test_a_number_one_line_off_is_put_right(evidence: Make) -> None:
    """Where the words stand in another sentence than the one named, that one comes first."""
    shown = evidence("It rained.", "General Zhang led the Chinese side.", "They left.")
    assert cited(Draft(("3",), "General Zhang"), shown) == [[2], [3]]


def test_named_sentences_come_before_better_ranked_ones(evidence: Make) -> None:
    """Of sentences that hold the words, those named come first whatever their rank, then the best ranked."""
    sentences = ("Zhang spoke.", "Zhang led.", "Zhang ate.", "Zhang slept.")
    shown = evidence(*sentences, scores=(0.5, 0.1, 0.9, 0.2))
    assert cited(Draft(("4", "2"), "Zhang"), shown) == [[2], [4], [3], [1], [2, 4]]


def test_nothing_comes_twice(evidence: Make) -> None:
    """The one named sentence, which is all that was named, and the best ranked one too, is tried once."""
    assert cited(Draft(("1", "1"), "Zhang"), evidence("Zhang spoke.")) == [[1]]


def test_the_questions_own_words_do_not_count(evidence: Make) -> None:
    """A sentence that only repeats the question does not hold the statement."""
    shown = evidence("The Chinese side led.", "General Zhang spoke.", scores=(0.9, 0.1))
    assert cited(Draft(("1",), "The Chinese side was led by General Zhang"), shown) == [[2], [1]]


def test_a_statement_of_the_questions_words_alone_is_looked_up_whole(evidence: Make) -> None:
    """Where nothing but the question's words is left, all words of the statement count."""
    shown = evidence("It rained.", "The Chinese side led.")
    assert cited(Draft(("1",), "the Chinese side"), shown) == [[2], [1]]


def test_two_named_sentences_stand_together(evidence: Make) -> None:
    """Where no one sentence holds the words, all that were named are cited, in reading order."""
    shown = evidence("General Zhang spoke.", "The army chief left on Sunday.", "It rained.")
    assert cited(Draft(("2", "1"), "General Zhang left on Sunday."), shown) == [[1, 2]]


def test_ids_that_were_never_shown_count_for_nothing(evidence: Make) -> None:
    """Invented ids beside a real one are dropped, and so are ids in another spelling."""
    shown = evidence("General Zhang spoke.", "It rained.")
    assert cited(Draft(("40", "1", "0", "02", "2 ", "-2", "２"), "Admiral Li and Zhang"), shown) == [[1]]


def test_ids_are_numbers_and_not_places(evidence: Make) -> None:
    """Evidence that is numbered from elsewhere is named by its own numbers."""
    shown = evidence("General Zhang spoke.", "It rained.", first=7)
    assert cited(Draft(("8",), "Emperor Norton"), shown) == [[8]]
    assert cited(Draft(("1", "2"), "Emperor Norton"), shown) == []


def test_without_a_real_id_the_best_share_is_taken(evidence: Make) -> None:
    """Where no sentence holds all words, the one that holds most is tried, the best ranked of equals."""
    shown = evidence("It rained on Sunday.", "Admiral Li was there.", "Li.", scores=(0.9, 0.2, 0.1))
    assert cited(Draft(("40",), "Admiral Li of the navy"), shown) == [[2]]
    assert cited(Draft((), "Li of the navy"), evidence("Li ate.", "Li slept.", scores=(0.1, 0.9))) == [[2]]


@pytest.mark.parametrize("sentences", [(), ("It rained.",), ("",)])
def test_nothing_shared_is_no_attribution(evidence: Make, sentences: Sequence[str]) -> None:
    """Invented ids and words that stand nowhere cannot be attributed."""
    shown = evidence(*sentences) if sentences else ()
    assert cited(Draft(("40",), "Emperor Norton"), shown) == []


@pytest.mark.parametrize("text", ["?!", "it was", "…"])
def test_a_statement_without_words_rests_on_what_it_named(evidence: Make, text: str) -> None:
    """Signs and function words alone keep the named sentence, and are lost without one."""
    shown = evidence("It rained.")
    assert cited(Draft(("1",), text), shown) == [[1]]
    assert cited(Draft(("2",), text), shown) == []


def test_words_are_compared_by_their_stems(evidence: Make) -> None:
    """Neither width, case, accents nor endings matter; a sentence is read in its article's language."""
    assert cited(Draft((), "General STRASSE"), evidence("It rained.", "ＧＥＮＥＲＡＬ Straße 1½ spoke.")) == [[2]]
    assert cited(Draft((), "the ferries sail"), evidence("It rained.", "A ferry was sailing.")) == [[2]]
    assert cited(Draft((), "Häuser"), evidence("Es regnete.", "Das Haus brannte.", language="de")) == [[2]]


def test_the_sentence_before_stands_right_before(evidence: Make) -> None:
    """It is the neighbour in the same paragraph: a space away, or a new line and an indent."""
    shown = evidence("Zhang came.", "He led.", "It rained.", "They left.", joints=("", "\n "))
    assert [sentence_before(item, shown) for item in shown] == [None, shown[0], shown[1], shown[2]]


def test_a_sentence_that_is_further_away_is_none(evidence: Make) -> None:
    """With text between them that is no evidence, sentences are no neighbours."""
    whole = evidence("Zhang came.", "It rained.", "He led.")
    assert sentence_before(whole[2], (whole[0], whole[2])) is None
    far = evidence("Zhang came.", "He led.", joints=("\n\n\n",))
    assert sentence_before(far[1], far) is None


def test_a_sentence_of_another_article_is_no_neighbour(evidence: Make) -> None:
    """Offsets mean something within one article only."""
    other = evidence("Zhang came.", "He led.", id="b")
    assert sentence_before(evidence("Zhang came.", "He led.")[1], other) is None


def test_evidence_need_not_be_in_order(evidence: Make) -> None:
    """The neighbour is found wherever it stands in the list, and no sentence is its own."""
    first, second = evidence("Zhang came.", "He led.")
    assert sentence_before(second, (second, first)) is first
    empty = evidence("", "He led.", joints=("",))
    assert sentence_before(empty[0], empty[:1]) is None
