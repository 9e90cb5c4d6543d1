"""What holds for every set, over the public ones; skipped where they are absent."""

from itertools import chain
from pathlib import Path

import pytest

from eval.bench.data import Document
from eval.bench.errors import DataMissingError
from eval.measure.cases import Case, MeasureSet
from eval.measure.draws import Sizes
from eval.measure.errors import SetSizeError
from eval.measure.loaders import LOADERS
from index.articles import canonical_text, is_id

SIZES = {
    "squad": (200, 200),
    "clapnq": (120, 120),
    "conflict": (60, 60),
    "multihop": (60, 40),
    "rewriting": (100, 100),
    "support": (150, 150),
    "answerability": (100, 100),
    "injection": (100, 14),
}


@pytest.fixture(scope="module", params=LOADERS)
def parts(request: pytest.FixtureRequest, public: Path) -> tuple[MeasureSet, MeasureSet]:
    """Return both parts of a set."""
    load = LOADERS[request.param]
    return load(public, "report"), load(public, "tune")


def documents_of(case: Case, whole: MeasureSet) -> dict[str, Document]:
    """Return what a case is asked of, by id."""
    return {document.id: document for document in (whole.documents if case.documents is None else case.documents)}


def test_sizes_are_those_of_the_plan(parts: tuple[MeasureSet, MeasureSet]) -> None:
    """Each part has as many cases as planned, all with different ids, under the name of the set."""
    for part, n in zip(parts, SIZES[parts[0].name], strict=True):
        assert len({case.id for case in part.cases}) == len(part.cases) == n
        assert {case.set for case in part.cases} == {part.name}


def test_tuning_and_reporting_share_no_question(parts: tuple[MeasureSet, MeasureSet]) -> None:
    """No case, and no question in the same words, is in both parts.

    In rewriting, where questions of a conversation are cases too, nor is one in the history of the other part.
    """
    report, tune = ({case.id for case in part.cases} for part in parts)
    assert not report & tune
    report, tune = ({case.question.casefold() for case in part.cases} for part in parts)
    assert not report & tune
    if parts[0].name == "rewriting":
        told = ({content.casefold() for case in part.cases for _, content in case.history} for part in parts)
        assert all(not mine & theirs for mine, theirs in zip((tune, report), told, strict=True))


def test_documents_are_stored_as_they_are(parts: tuple[MeasureSet, MeasureSet]) -> None:
    """The index takes the id and the text of every document as given, so that offsets hold."""
    for part in parts:
        given = chain(part.documents, *(case.documents or () for case in part.cases))
        for document in {id(document): document for document in given}.values():
            assert is_id(document.id)
            assert canonical_text(document.text, document.id) == document.text


def test_proofs_stand_where_they_are_said_to(parts: tuple[MeasureSet, MeasureSet]) -> None:
    """Spans lie in documents of the case; gold articles are among them; evidence and spans go together."""
    for part in parts:
        for case in part.cases:
            texts = documents_of(case, part)
            quotes = [texts[article_id].text[start:end] for article_id, start, end in case.spans]
            assert all(quotes)
            assert set(case.gold_articles) <= set(texts)
            assert not case.evidence or tuple(quotes) == case.evidence


def test_a_draw_is_alike_every_time(parts: tuple[MeasureSet, MeasureSet], public: Path) -> None:
    """Loading again gives the same, and another seed other cases."""
    load = LOADERS[parts[0].name]
    assert load(public, "report") == parts[0]
    assert load(public, "report", seed=1).cases != parts[0].cases


def test_more_than_there_are_is_refused(parts: tuple[MeasureSet, MeasureSet], public: Path) -> None:
    """A set never gives fewer cases than are asked of it."""
    with pytest.raises(SetSizeError):
        LOADERS[parts[0].name](public, "tune", sizes=Sizes(report=1, tune=5_000))


@pytest.mark.parametrize("name", LOADERS)
def test_a_set_that_is_absent_is_named(name: str, tmp_path: Path) -> None:
    """Without its files a set is an error, never empty."""
    with pytest.raises(DataMissingError, match=r"there is no .*\.jsonl"):
        LOADERS[name](tmp_path, "report")
