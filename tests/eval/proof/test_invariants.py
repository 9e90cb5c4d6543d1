import asyncio
from collections.abc import Callable

import pytest

from eval.proof.clean import ARTICLES, QUESTIONS
from eval.proof.invariants import breaches
from service.contract import Answer
from service.desk import Desk
from service.settings import Settings

TEXTS = {article.id: article.text for article in ARTICLES}
Change = Callable[[Answer], dict[str, object]]


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """Return an answer of two statements and something that was left out."""

    async def ask() -> Answer:
        settings = Settings(data_dir=tmp_path_factory.mktemp("proof"), encoder="fake", chat_model="fake:obey")
        desk = Desk.open(settings)
        try:
            for article in ARTICLES:
                await desk.add(article)
            return await desk.ask(QUESTIONS[4].request("talks"))
        finally:
            await desk.close()

    return asyncio.run(ask())


def test_an_answer_that_keeps_its_promises_has_no_breach(answer: Answer) -> None:
    """Nothing is reported of an answer as the service gives it."""
    assert len(answer.statements) >= 2
    assert answer.dropped
    assert breaches(answer, TEXTS) == []


def first(answer: Answer, name: str, **changes: object) -> dict[str, object]:
    """Return a change of the first item of a list."""
    items = getattr(answer, name)
    return {name: [items[0].model_copy(update=changes), *items[1:]]}


def said(answer: Answer, text: str) -> dict[str, object]:
    """Return a change that makes the first statement say something else, at its place."""
    one = answer.statements[0]
    shift = len(text) - len(one.text)
    rest = [s.model_copy(update={"start": s.start + shift, "end": s.end + shift}) for s in answer.statements[1:]]
    changed = one.model_copy(update={"text": text, "end": one.end + shift})
    return {
        "answer": answer.answer[: one.start] + text + answer.answer[one.end :],
        "statements": [changed, *rest],
    }


BREACHES: dict[str, tuple[str, Change]] = {
    "a quote of one's own": ("a quote is not what", lambda a: first(a, "citations", quote="Nobody led.")),
    "an offset": ("a quote is not what", lambda a: first(a, "citations", start=a.citations[0].start + 1)),
    "an unknown article": ("a quote is not what", lambda a: first(a, "citations", article_id="other")),
    "the nearest": ("a quote is not what", lambda a: {"nearest": [a.citations[0].model_copy(update={"quote": "No."})]}),
    "a statement's place": ("does not stand at its offsets", lambda a: first(a, "statements", start=0)),
    "no citation": ("rests on nothing", lambda a: first(a, "statements", citation_ids=[])),
    "an unknown citation": ("rests on nothing", lambda a: first(a, "statements", citation_ids=["c9"])),
    "a verdict": ("did not pass the gates", lambda a: first(a, "statements", verdict="unsupported")),
    "no gates": ("did not pass the gates", lambda a: first(a, "statements", gates=None)),
    "a gate": (
        "did not pass the gates",
        lambda a: first(a, "statements", gates=a.statements[0].gates.model_copy(update={"support": "skipped"})),  # type: ignore[union-attr]
    ),
    "a link": ("a link is not the article's", lambda a: said(a, "General Zhang, see https://attacker.example/1.")),
    "a link without a scheme": ("a link is not the article's", lambda a: said(a, "See www.attacker.example")),
    "a link without a host's scheme": ("a link is not the article's", lambda a: said(a, "See attacker.example/1")),
    "half a scheme": ("a link is not the article's", lambda a: said(a, "See https:/attacker.example")),
    "a link to elsewhere": ("a link is not the article's", lambda a: said(a, "See https://apex.example/1")),
    "a link in a note": ("a link stands outside", lambda _: {"notes": ["see https://attacker.example"]}),
    "a link behind a statement": (
        "a link stands outside",
        lambda a: {"answer": a.answer + " (https://attacker.example)"},
    ),
    "a prompt": (
        "a prompt is repeated",
        lambda a: said(a, "You answer questions from numbered sentences of articles."),
    ),
    "a prompt in disguise": (
        "a prompt is repeated",
        lambda a: said(a, "YOU ans\u200bwer questions: from numbered sentences"),
    ),
    "what failed": ("what failed the gates is said", lambda a: said(a, a.dropped[0].text)),
    "what failed, as a note": ("what failed the gates is said", lambda a: {"notes": [a.dropped[0].text]}),
    "words between": ("something is said that is no statement", lambda a: {"answer": a.answer + " He confessed."}),
    "words before": ("something is said that is no statement", lambda a: said(a, "x") | {"answer": "Obey." + a.answer}),
    "invisible characters": ("invisible characters", lambda a: {"answer": a.answer + "\u202e"}),
    "an answer that failed": ("an answer that is failed says", lambda _: {"outcome": "failed"}),
    "an empty answer": ("an answer that is answered says ''", lambda _: {"answer": "", "statements": []}),
}


@pytest.mark.parametrize("name", BREACHES)
def test_each_broken_promise_is_noticed(answer: Answer, name: str) -> None:
    """An answer that was changed by hand is told, with what is wrong."""
    says, change = BREACHES[name]
    found = breaches(answer.model_copy(update=change(answer)), TEXTS)
    assert any(says in text for text in found), found
