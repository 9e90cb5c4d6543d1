from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.measure.draws import Sizes
from eval.measure.sets.conflict import load_conflict


def row(golds: Sequence[str], wrong: Sequence[str], *texts: tuple[str, str, str]) -> dict[str, object]:
    """Return a row of the set; a text is what it says, its type and its answer."""
    documents = [{"text": text, "type": kind, "answer": answer} for text, kind, answer in texts]
    asked = {"question": "When was it?", "disambig_entity": ["It"]}
    return {**asked, "documents": documents, "gold_answers": golds, "wrong_answers": wrong}


RIGHT = ("It was in 1902.", "correct", "1902")
MISTAKEN = ("It was in\x00 1920.", "misinfo", "1920")
NOISE = ("It rained.", "noise", "unknown")
DISAGREEING = row(["1902", "The 1902"], ["1920", "1999"], NOISE, MISTAKEN, RIGHT)


@pytest.mark.parametrize(
    "agreeing",
    [
        row(["1902"], [], RIGHT, NOISE),
        row(["1902", "the 1902"], [], RIGHT, ("The 1902 one.", "correct", "The 1902")),
        row(["1902"], ["1999"], RIGHT, NOISE),
        row(["1902"], ["1920"], RIGHT, ("It was long ago.", "misinfo", "1920")),
        row(["1999"], ["1920", "1921"], MISTAKEN, ("In 1921.", "misinfo", "1921")),
        row(["1902", "May 1902"], [], RIGHT, ("In May 1902.", "correct", "May 1902")),
    ],
)
def test_only_true_disagreement_is_drawn(
    tmp_path: Path, lines: Callable[[Path, Sequence[object]], None], agreeing: dict[str, object]
) -> None:
    """One value, the same in other words, stated nowhere, not word for word, none right, or in parts: no conflict."""
    lines(tmp_path / "conflict" / "ramdocs.jsonl", [agreeing, DISAGREEING])
    assert [case.id for case in load_conflict(tmp_path, "report", sizes=Sizes(1, 0)).cases] == ["ramdocs:1"]


def test_a_case_has_both_sides(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> None:
    """Right and wrong answers that documents state are kept apart, all are required, and no title is made up."""
    lines(tmp_path / "conflict" / "ramdocs.jsonl", [DISAGREEING])
    (case,) = load_conflict(tmp_path, "report", sizes=Sizes(1, 0)).cases
    assert (case.golds, case.wrong, case.required) == (("1902",), ("1920",), (("1902",), ("1920",)))
    assert [(document.id, document.title) for document in case.documents or ()] == [
        ("ramdocs:0-0", ""),
        ("ramdocs:0-1", ""),
        ("ramdocs:0-2", ""),
    ]
    assert case.documents
    assert case.documents[1].text == "It was in  1920."
    assert case.gold_articles == ("ramdocs:0-2",)
    assert case.extra == {"kind": "misinformation", "misinformation": "ramdocs:0-1"}


def test_a_question_may_only_be_ambiguous(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> None:
    """Where no document is misinformed, two right answers disagree since the question has two meanings."""
    lines(tmp_path / "conflict" / "ramdocs.jsonl", [row(["1902", "1920"], [], RIGHT, ("In 1920.", "correct", "1920"))])
    (case,) = load_conflict(tmp_path, "report", sizes=Sizes(1, 0)).cases
    assert (case.golds, case.wrong, case.extra["kind"]) == (("1902", "1920"), (), "ambiguous")
