from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.measure.cases import Case
from eval.measure.draws import Part, Sizes
from eval.measure.sets.rewriting import load_rewriting


def conversation(name: str, questions: Sequence[str]) -> list[dict[str, object]]:
    """Return the rows of a conversation."""
    return [
        {"id": f"{name}<::>{i + 1}", "history": list(questions[:i]), "question": asked, "rewrite": f"{asked} ({name})"}
        for i, asked in enumerate(questions)
    ]


@pytest.fixture
def data(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> Path:
    """Return two files of four conversations of three questions; the first of each file starts with the same one."""
    for file in ("mtrag_clapnq", "mtrag_cloud"):
        rows = [
            row
            for i in range(4)
            for row in conversation(
                f"{file}-{i}", [f"start {file} {i}?" if i else "Start?", f"then {file} {i}?", f"so {file} {i}?"]
            )
        ]
        lines(tmp_path / "rewriting" / f"{file}.jsonl", rows)
    return tmp_path


def said(cases: Sequence[Case]) -> set[str]:
    """Return all questions of cases and of their histories."""
    return {text for case in cases for text in (case.question, *(content for _, content in case.history))}


@pytest.mark.parametrize("seed", range(12))
def test_no_conversation_is_in_both_parts(data: Path, seed: int) -> None:
    """Whatever the seed, what was said to be reported on was not tuned on, in no conversation and no words."""
    report = load_rewriting(data, "report", sizes=Sizes(11, 9), seed=seed).cases
    tune = load_rewriting(data, "tune", sizes=Sizes(11, 9), seed=seed).cases
    assert (len(report), len(tune)) == (11, 9)
    assert not {case.extra["conversation"] for case in report} & {case.extra["conversation"] for case in tune}
    assert not said(report) & said(tune)


def test_a_case_is_a_question_with_what_was_asked_before(data: Path) -> None:
    """The history has the user's questions, in order, and gold is the rewrite; there are no articles."""
    whole = load_rewriting(data, "report", sizes=Sizes(6, 0))
    assert whole.documents == ()
    for case in whole.cases:
        turn = int(case.id.partition("<::>")[2])
        assert len(case.history) == turn - 1
        assert {role for role, _ in case.history} <= {"user"}
        assert case.golds == (f"{case.question} ({case.extra['conversation']})",)
        assert case.answerable is None


@pytest.mark.parametrize("part", ["report", "tune"])
def test_all_kinds_are_drawn(public: Path, part: Part) -> None:
    """Of the public set, both files and questions with and without history are there in proportion."""
    kinds = Counter((case.extra["file"], bool(case.history)) for case in load_rewriting(public, part).cases)
    assert {kind: n for kind, n in kinds.items() if not kind[1]}.keys() == {
        ("mtrag_clapnq", False),
        ("mtrag_cloud", False),
    }
    assert 8 <= kinds["mtrag_clapnq", False] + kinds["mtrag_cloud", False] <= 18
    assert 40 <= kinds["mtrag_clapnq", False] + kinds["mtrag_clapnq", True] <= 62
