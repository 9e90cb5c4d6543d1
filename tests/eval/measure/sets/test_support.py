from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.measure.draws import Sizes
from eval.measure.sets.support import load_support

SENTENCES = ["(meta data) TITLE: Gates", "One failed.\r", "", "Cafe\u0301s fled."]


def test_a_page_is_its_sentences(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> None:
    """A page has a sentence a line, as it is stored, and spans are those of the first annotation with any."""
    row = {"claim": "They fled.", "sentences": SENTENCES, "label": "supported", "supporting": [[], [1, 3], [3]]}
    lines(tmp_path / "support" / "wice.jsonl", [row])
    (case,) = load_support(tmp_path, "report", sizes=Sizes(1, 0)).cases
    (page,) = case.documents or ()
    assert (page.title, page.text) == ("Gates", "(meta data) TITLE: Gates\nOne failed.\n\n\nCafés fled.")
    assert case.evidence == ("One failed.\n", "Cafés fled.")
    assert tuple(page.text[low:high] for _, low, high in case.spans) == case.evidence
    assert (case.question, case.answerable, case.extra) == ("They fled.", None, {"label": "supported"})


@pytest.mark.parametrize("supporting", [[[]], []])
def test_without_support_there_is_no_evidence(
    tmp_path: Path, lines: Callable[[Path, Sequence[object]], None], supporting: list[list[int]]
) -> None:
    """A claim that no sentence supports has neither evidence nor gold article; a page may have no title."""
    row = {"claim": "No.", "sentences": ["One."], "label": "not_supported", "supporting": supporting}
    lines(tmp_path / "support" / "wice.jsonl", [row])
    (case,) = load_support(tmp_path, "report", sizes=Sizes(1, 0)).cases
    assert (case.evidence, case.spans, case.gold_articles) == ((), (), ())
    assert [document.title for document in case.documents or ()] == [""]


def test_labels_are_drawn_in_proportion(public: Path) -> None:
    """Of 349 claims, 115 are supported, 191 in part and 43 not; 150 have 49, 82 and 19 of them."""
    labels = Counter(case.extra["label"] for case in load_support(public, "report").cases)
    assert labels == {"supported": 49, "partially_supported": 82, "not_supported": 19}
