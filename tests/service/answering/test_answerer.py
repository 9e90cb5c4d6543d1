import re
from collections.abc import Callable

import pytest

from prompts import load_prompt
from service.contract import Answer, ArticleBody
from service.prompt_names import ANSWERABLE_PROMPT, PROMPTS, REREAD_PROMPT

Ask = Callable[..., Answer]
Put = Callable[..., ArticleBody]
VISIT = (
    "The army chief flew home on Sunday.\n\nGeneral Zhang Youxia led the Chinese side. "
    "Both sides praised the talks\nin the capital."
)
METADATA = {
    "url": "https://apex.example/visit",
    "title": "Visit ends",
    "author": "A. Writer",
    "outlet": "Apex",
    "published_at": "2022-06-13",
}
QUESTION = "Who led the Chinese side?"
INVENTED = "Emperor Norton the Ninth led them."


@pytest.fixture
def visit(put: Put) -> ArticleBody:
    """Store the article of the visit."""
    return put("visit", VISIT, **METADATA)


def test_an_answer_cites_its_sentence_exactly(visit: ArticleBody, ask: Ask) -> None:
    """The answer, its statement and its citation fit each other and the stored article, character by character."""
    found = ask(QUESTION)
    assert (found.outcome, found.reason) == ("answered", None)
    assert found.answer == "General Zhang Youxia led the Chinese side.[1]"
    (statement,), (citation,) = found.statements, found.citations
    assert found.answer[statement.start : statement.end] == statement.text == found.answer.removesuffix("[1]")
    assert (statement.citation_ids, statement.verdict, statement.score) == ([citation.id], "supported", None)
    assert visit.text[citation.start : citation.end] == citation.quote == statement.text
    assert citation.model_dump(include={"article_id", "version", "marker", *METADATA}) == {
        "article_id": "visit",
        "version": visit.version,
        "marker": 1,
        **METADATA,
    }
    assert (found.as_of, found.searched) == ("2022-06-13", [QUESTION])
    assert (found.missing, found.conflicts, found.dropped, found.nearest, found.degraded) == ([], [], [], [], [])


@pytest.mark.usefixtures("visit")
def test_an_answer_says_what_made_it(ask: Ask) -> None:
    """Id, models, prompts, tokens and times stand in the answer."""
    found, again = ask(QUESTION), ask(QUESTION)
    assert re.fullmatch(r"ans_[0-9a-f]{24}", found.id)
    assert found.id != again.id
    checks = [f"{name} {load_prompt(name).fingerprint}" for name in (ANSWERABLE_PROMPT, REREAD_PROMPT)]
    verifier = " ".join(["fake:extract", *checks])
    assert found.model == {"chat": "fake:extract", "encoder": "fake", "verifier": verifier}
    assert set(found.prompts) == set(PROMPTS)
    assert found.usage.calls == 2
    assert min(found.usage.prompt_tokens, found.usage.completion_tokens) > 0
    assert set(found.timings_ms) == {"retrieve", "answer", "check", "total"}
    assert found.timings_ms["total"] >= max(found.timings_ms["answer"], found.timings_ms["check"])


def test_a_quote_keeps_its_newline_and_the_answer_does_not(visit: ArticleBody, ask: Ask) -> None:
    """A sentence over two lines is quoted as stored, while the answer is one line."""
    found = ask("Which talks were praised in the capital?")
    assert found.answer == "Both sides praised the talks in the capital.[1]"
    (citation,) = found.citations
    assert citation.quote == "Both sides praised the talks\nin the capital."
    assert visit.text[citation.start : citation.end] == citation.quote


@pytest.mark.usefixtures("visit")
def test_a_refusal_shows_the_nearest_sentences(ask: Ask) -> None:
    """Where the model says that nothing states the answer, that is said, with what came closest."""
    found = ask("When was the bridge painted purple?")
    assert (found.outcome, found.reason, found.answer) == ("not_found", "no_evidence", "")
    assert (found.statements, found.citations, found.dropped, found.as_of) == ([], [], [], None)
    assert len(found.nearest) == 3
    assert all(VISIT[item.start : item.end] == item.quote for item in found.nearest)
    assert found.usage.calls == 1


def test_no_more_than_three_are_nearest_and_the_best_comes_first(put: Put, ask: Ask) -> None:
    """Of many sentences the three best are shown, in the order of their rank."""
    put("painted", "The bridge was long. " * 3 + "The purple bridge was closed. Nobody knew why.")
    found = ask("When was the purple bridge painted by whom in which year?")
    assert (found.outcome, len(found.nearest)) == ("not_found", 3)
    assert found.nearest[0].quote == "The purple bridge was closed."


def test_an_invented_answer_without_a_trace_is_dropped(put: Put, ask: Ask) -> None:
    """Ids that were never shown, and words that stand nowhere: dropped and said, with nothing near."""
    put("rain", "It rained on Sunday.")
    found = ask("Who was there?", "fake:invent")
    assert (found.outcome, found.reason, found.answer, found.citations) == ("not_found", "unsupported", "", [])
    (dropped,) = found.dropped
    assert (dropped.text, dropped.verdict, dropped.nearest) == (INVENTED, "unsupported", None)
    assert dropped.reason == "it names no sentence that was shown"
    assert [item.quote for item in found.nearest] == ["It rained on Sunday."]
    assert found.usage.calls == 1


@pytest.mark.usefixtures("visit")
def test_an_answer_that_fails_the_check_is_dropped(ask: Ask) -> None:
    """What the cited sentence does not say is left out without asking the verifier, and shown with that sentence."""
    found = ask("Which general was there?", "fake:invent")
    assert (found.outcome, found.reason, found.answer, found.citations) == ("not_found", "unsupported", "", [])
    (dropped,) = found.dropped
    assert (dropped.text, dropped.verdict) == (INVENTED, "unsupported")
    assert "Emperor Norton" in dropped.reason
    assert dropped.gates
    assert (dropped.gates.wording, dropped.gates.support) == ("failed", "skipped")
    assert dropped.nearest
    assert VISIT[dropped.nearest.start : dropped.nearest.end] == dropped.nearest.quote
    assert found.nearest
    assert found.usage.calls == 1


def test_the_sentence_that_holds_the_phrase_is_cited(put: Put, ask: Ask) -> None:
    """Whatever number the model named, the citation is the sentence that holds its words."""
    article = put("norton", f"It rained. {INVENTED} They left.")
    found = ask("Who ruled?", "fake:invent", changes={"support_threshold": 0})
    assert (found.outcome, found.answer) == ("answered", f"{INVENTED}[1]")
    (citation,) = found.citations
    assert article.text[citation.start : citation.end] == citation.quote == INVENTED


@pytest.mark.usefixtures("visit")
def test_a_model_without_structured_output_says_so(ask: Ask) -> None:
    """A plain model answers too; what it could not do is said by part."""
    found = ask(QUESTION, "fake:plain")
    assert (found.outcome, found.answer) == ("answered", "General Zhang Youxia led the Chinese side.[1]")
    assert [item.part for item in found.degraded] == ["structured_output", "verifier"]
    assert all(item.reason for item in found.degraded)


@pytest.mark.parametrize("model", ["fake:extract", "fake:down", "fake:hang", "fake:nonsense"])
def test_an_empty_library_is_told_without_the_model(ask: Ask, model: str) -> None:
    """Without articles no model is asked, whatever its state."""
    found = ask(QUESTION, model)
    assert (found.outcome, found.reason, found.usage.calls) == ("not_found", "index_empty", 0)
    assert (found.nearest, found.degraded, found.as_of) == ([], [], None)


@pytest.mark.usefixtures("visit")
@pytest.mark.parametrize(
    "filters",
    [
        {"article_ids": ["other"]},
        {"outlets": ["apex"]},
        {"authors": ["B. Writer"]},
        {"languages": ["fr"]},
        {"published_from": "2022-06-14"},
        {"published_to": "2022-06-13"},
        {"outlets": ["Apex"], "published_from": "2023"},
    ],
)
def test_filters_that_admit_nothing_are_told(ask: Ask, filters: dict[str, object]) -> None:
    """Where no article passes the filters, that is the reason, and no model is asked."""
    found = ask(QUESTION, filters=filters)
    assert (found.outcome, found.reason, found.usage.calls) == ("not_found", "no_articles_match_filters", 0)


@pytest.mark.usefixtures("visit")
def test_filters_that_admit_the_article_change_nothing(ask: Ask) -> None:
    """An article inside every filter is found."""
    filters = {
        "article_ids": ["visit", "other"],
        "outlets": ["Apex"],
        "authors": ["A. Writer"],
        "languages": ["en"],
        "published_from": "2022-06-13",
        "published_to": "2022-06-14",
    }
    assert ask(QUESTION, filters=filters).outcome == "answered"
