from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from eval.bench.data import evenly, read_clapnq, read_documents, read_multihop, read_squad
from eval.bench.errors import DataMissingError


@pytest.mark.parametrize(
    ("n", "limit", "expected"), [(10, 3, [0, 3, 6]), (10, 10, list(range(10))), (3, 10, [0, 1, 2]), (0, 5, [])]
)
def test_evenly(n: int, limit: int, expected: list[int]) -> None:
    """A part is taken at equal steps; where there are too few, all."""
    assert evenly(range(n), limit) == expected


def test_squad_gives_answerable_questions_with_their_spans(data: Path) -> None:
    """All articles are given; of questions those with an answer, whose offsets are those of the answer's text."""
    documents, questions = read_squad(data, 600)
    assert len(documents) == 4
    assert len(questions) == 12
    texts = {document.id: document.text for document in documents}
    (answer,) = questions[0].answers
    assert texts[questions[0].article_id][slice(*answer)] == "1702"
    low, high = questions[1].paragraph
    assert texts["squad:0"][low:high].startswith("The lantern of district 4 ")
    assert len(read_squad(data, 5)[1]) == 5


def test_clapnq_gives_each_passage_once(data: Path) -> None:
    """A passage of two questions is one article; those of unanswerable questions are there, their questions not."""
    documents, questions = read_clapnq(data, 600)
    assert [document.title for document in documents] == ["District 0", "District 1", "District 2", "District 5"]
    assert [question.article_id for question in questions] == ["clapnq:0", "clapnq:1", "clapnq:1", "clapnq:2"]


def test_multihop_gives_gold_and_facts(data: Path) -> None:
    """A question names its gold articles, and those of its facts."""
    documents, (question,) = read_multihop(data, 600)
    assert len(documents) == 6
    assert question.gold == question.facts == {"hop:1", "hop:2"}


def test_missing_sets_are_named(tmp_path: Path, lines: Callable[[Path, Sequence[object]], None]) -> None:
    """What is missing is said by name; an empty file is no set, but no error of reading."""
    with pytest.raises(DataMissingError, match=r"there is no .*articles\.jsonl; name the folder"):
        read_documents(tmp_path)
    lines(tmp_path / "articles.jsonl", [])
    assert read_documents(tmp_path) == []
