from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.measure.draws import Sizes
from eval.measure.sets.answerability import load_answerability

SAID = (("user", "What are gates?"), ("agent", "They hold water."), ("user", "Which failed?"))
CONTEXT = {"document_id": "12-0-9", "text": "Gate 4\r\nfailed.", "title": "Gates"}


def row(name: str, label: str, contexts: Sequence[object]) -> dict[str, object]:
    """Return a row of the set."""
    turns = [{"speaker": speaker, "text": text, "metadata": {}} for speaker, text in SAID]
    target = [{"speaker": "agent", "text": " Gate 4. ", "metadata": {}}]
    return {"id": name, "turns": turns, "contexts": contexts, "answerability": [label], "target": target}


@pytest.mark.parametrize(
    ("label", "answerable", "golds"),
    [
        ("ANSWERABLE", True, ("Gate 4.",)),
        ("PARTIAL", None, ("Gate 4.",)),
        ("UNDERSPECIFIED", None, ()),
        ("UNANSWERABLE", False, ()),
    ],
)
def test_the_last_turn_is_the_question(
    tmp_path: Path,
    lines: Callable[[Path, Sequence[object]], None],
    label: str,
    answerable: bool | None,
    golds: tuple[str, ...],
) -> None:
    """What was said before is history, contexts are articles, and a reply is gold only where it answers."""
    lines(tmp_path / "answerability" / "mtrag_un.jsonl", [row("a", label, [CONTEXT])])
    (case,) = load_answerability(tmp_path, "report", sizes=Sizes(1, 0)).cases
    assert case.question == "Which failed?"
    assert case.history == (("user", "What are gates?"), ("assistant", "They hold water."))
    assert [(document.id, document.title, document.text) for document in case.documents or ()] == [
        ("mtrag:12-0-9", "Gates", "Gate 4\nfailed.")
    ]
    assert (case.answerable, case.golds) == (answerable, golds)
    assert case.extra == {"label": label, "target": "Gate 4."}
    assert case.gold_articles == (("mtrag:12-0-9",) if golds else ())


def test_the_set_has_all_contexts_once(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> None:
    """Contexts of several rows are one article of the set; a question without any has an empty list of its own."""
    untitled = {"document_id": "13", "text": "Gate 5 held."}
    rows = [
        row("a", "ANSWERABLE", [CONTEXT, untitled]),
        row("b", "ANSWERABLE", [CONTEXT]),
        row("c", "UNANSWERABLE", []),
    ]
    lines(tmp_path / "answerability" / "mtrag_un.jsonl", rows)
    whole = load_answerability(tmp_path, "report", sizes=Sizes(3, 0))
    assert [(document.id, document.title) for document in whole.documents] == [
        ("mtrag:12-0-9", "Gates"),
        ("mtrag:13", ""),
    ]
    assert {case.id: case.documents for case in whole.cases}["c"] == ()


def test_labels_are_drawn_in_proportion(public: Path) -> None:
    """Of 299 rows, 174 are answerable, 28 in part, 42 underspecified and 55 not; a hundred have these of them."""
    labels = Counter(case.extra["label"] for case in load_answerability(public, "report").cases)
    assert labels == {"ANSWERABLE": 58, "PARTIAL": 9, "UNDERSPECIFIED": 14, "UNANSWERABLE": 19}
