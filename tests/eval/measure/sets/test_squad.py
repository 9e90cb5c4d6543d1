from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.measure.draws import Sizes
from eval.measure.errors import SetSizeError
from eval.measure.sets.squad import load_squad

TEXT = "The gate failed at 11:40 p.m. on Monday."


@pytest.fixture
def data(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> Path:
    """Return a set of one article, four answerable questions of which two have the same words, and two unanswerable."""
    answers = [{"text": "11:40 p.m.", "start": 19}, {"text": "Monday", "start": 33}, {"text": "Monday", "start": 33}]
    questions = [
        {"id": f"q{i}", "article_id": "squad:a", "question": asked, "answerable": i < 4, "paragraph": [0, 40]}
        for i, asked in enumerate(("When?", "what time?", "WHEN?", "Which day?", "Who?", "Why?"))
    ]
    lines(tmp_path / "squad" / "articles.jsonl", [{"id": "squad:a", "title": "Gate", "text": TEXT}])
    lines(
        tmp_path / "squad" / "questions.jsonl",
        [{**question, "answers": answers if question["answerable"] else []} for question in questions],
    )
    return tmp_path


def test_as_many_of_each_are_drawn(data: Path) -> None:
    """Sizes count answerable and unanswerable questions apart; the parts share none."""
    report, tune = (load_squad(data, part, sizes=Sizes(1, 1)) for part in ("report", "tune"))
    assert sorted(str(case.answerable) for case in report.cases) == ["False", "True"]
    assert sorted(str(case.answerable) for case in tune.cases) == ["False", "True"]
    assert len({case.id for case in (*report.cases, *tune.cases)}) == 4


def test_a_case_has_the_annotated_spans(data: Path) -> None:
    """Gold strings stand once each, their spans as annotated; without an answer there is neither."""
    whole = load_squad(data, "report", sizes=Sizes(2, 0))
    assert [document.text for document in whole.documents] == [TEXT]
    for case in whole.cases:
        assert case.documents is None
        assert case.golds == (("11:40 p.m.", "Monday") if case.answerable else ())
        assert [TEXT[low:high] for _, low, high in case.spans][:2] == list(case.golds)
        assert case.gold_articles == (("squad:a",) if case.answerable else ())


def test_the_same_words_are_one_question(data: Path) -> None:
    """Of two questions in the same words only the first can be drawn."""
    assert "q2" not in {case.id for case in load_squad(data, "report", sizes=Sizes(2, 0)).cases}
    with pytest.raises(SetSizeError, match="asked of 3"):
        load_squad(data, "report", sizes=Sizes(4, 0))
