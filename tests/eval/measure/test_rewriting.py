import asyncio
from pathlib import Path

import pytest

from eval.bench.data import Document
from eval.measure.cases import Case, MeasureSet
from eval.measure.rewriting import Rewritten, rewrite_all, score_rewritten
from eval.measure.verifying import score_verified, verify_all
from eval.recording import Recorder
from eval.records import Records
from service.chat.factory import make_chat
from service.settings import Settings

HISTORY = (("user", "Who commands the ferry Alma?"), ("assistant", "Captain Rosa Lind."))
PAGE = Document("page", "Ferry", "The ferry Alma sails every Sunday.\nCaptain Rosa Lind commands the ferry Alma.")


@pytest.fixture
def recorder(settings: Settings, tmp_path: Path) -> Recorder:
    """Return a recorder over the fake model."""
    return Recorder(make_chat(settings), Records(tmp_path / "calls.jsonl"), lambda: 0.0)


def test_a_question_that_leans_on_its_conversation_is_put_anew(recorder: Recorder) -> None:
    """One that stands alone is not, and the model is not asked for it."""
    leaning = Case("1", "rewriting", "Where does it sail?", HISTORY, golds=("Where does the ferry Alma sail?",))
    alone = Case("2", "rewriting", "Who owns the mill at Orsk?", HISTORY, golds=("Who owns the mill at Orsk?",))

    async def told() -> list[Rewritten]:
        return [item async for item in rewrite_all(MeasureSet("rewriting", (), (leaning, alone)), recorder)]

    rewritten = asyncio.run(told())
    assert [(item.asked, item.question == item.case.question) for item in rewritten] == [(True, False), (False, True)]
    figures = score_rewritten(rewritten)
    assert figures["the model was asked"].value == 0.5
    assert figures["left as it is where a person did"].value == 1.0
    assert 0.5 < figures["token F1"].value < 1
    assert 0.5 < figures["token F1, left as it is"].value < 1


def test_claims_are_checked_against_the_best_sentences_of_their_page(settings: Settings, recorder: Recorder) -> None:
    """The fake says yes to all, so only the gate of words tells a claim that the page does not make."""
    made = Case(
        "1", "support", "Captain Rosa Lind commands the ferry.", documents=(PAGE,), extra={"label": "supported"}
    )
    other = Case("2", "support", "Nils Aker painted it in 1871.", documents=(PAGE,), extra={"label": "not_supported"})

    async def told() -> dict[str, float]:
        items = [item async for item in verify_all(settings, MeasureSet("support", (), (made, other)), recorder)]
        return {name: figure.value for name, figure in score_verified(items).items()}

    figures = asyncio.run(told())
    assert figures["supported against not, raw"] == 0.5
    assert figures["supported against not, with the gate of words"] == 1.0
