from collections.abc import Callable, Sequence
from pathlib import Path

from eval.measure.draws import Sizes
from eval.measure.sets.multihop import load_multihop


def test_a_case_has_its_facts(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> None:
    """Facts are evidence, in their order, each with its span; gold articles are named."""
    articles = [{"id": f"hop:{i}", "title": str(i), "text": f"Intro. Fact {i}."} for i in range(3)]
    facts = [{"article_id": f"hop:{i}", "text": f"Fact {i}."} for i in (2, 1)]
    question = {"id": "q", "question": "Which?", "answer": "one", "type": "bridge", "gold": ["hop:1", "hop:2"]}
    lines(tmp_path / "multihop" / "articles.jsonl", articles)
    lines(tmp_path / "multihop" / "questions.jsonl", [{**question, "facts": facts}])
    whole = load_multihop(tmp_path, "report", sizes=Sizes(1, 0))
    (case,) = whole.cases
    assert len(whole.documents) == 3
    assert (case.golds, case.evidence, case.gold_articles) == (("one",), ("Fact 2.", "Fact 1."), ("hop:1", "hop:2"))
    assert case.spans == (("hop:2", 7, 14), ("hop:1", 7, 14))
    assert case.extra == {"type": "bridge"}
