from collections.abc import Callable, Sequence
from pathlib import Path

from eval.measure.draws import Sizes
from eval.measure.sets.clapnq import load_clapnq


def test_a_passage_is_an_article(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> None:
    """Each distinct passage is an article; an answerable question has its answer and where the evidence stands."""
    given = {"title": "Gate", "text": "It rained. The gate failed. Water rose."}
    proof = ["The gate failed.", "Water rose."]
    rows = [
        {
            **given,
            "id": "1",
            "question": "what failed",
            "answerable": True,
            "answer": "A gate",
            "evidence_sentences": proof,
        },
        {**given, "id": "2", "question": "who fled", "answerable": False, "answer": "", "evidence_sentences": []},
    ]
    lines(tmp_path / "clapnq" / "questions.jsonl", rows)
    whole = load_clapnq(tmp_path, "report", sizes=Sizes(1, 0))
    assert [document.id for document in whole.documents] == ["clapnq:0"]
    answered, refused = sorted(whole.cases, key=lambda case: case.id)
    assert (answered.golds, answered.evidence, answered.answerable) == (("A gate",), tuple(proof), True)
    assert answered.spans == (("clapnq:0", 11, 27), ("clapnq:0", 28, 39))
    assert (refused.golds, refused.spans, refused.gold_articles) == ((), (), ())
    assert (refused.answerable, refused.extra) == (False, {"asked_of": "clapnq:0"})
