import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from eval.cases import SetExistsError, SetFormatError, SetMissingError, load_articles, problems
from eval.cases.importers import import_beir

LONG = "Cuttlefish change colour. " * 20
CORPUS = (
    {"_id": "4983", "title": "Colour", "text": LONG, "metadata": {}},
    {"_id": "MED-10", "title": "Squid", "text": "Squid swim.", "metadata": {"url": "x"}},
    {"_id": "<db:Ink>", "title": "Ink", "text": ""},
    {"_id": "void", "title": "", "text": " "},
)
QUERIES = (
    {"_id": "PLAIN-1", "text": "what changes colour", "metadata": {}},
    {"_id": "PLAIN-2", "text": "What swims?"},
    {"_id": "PLAIN-3", "text": "who writes?"},
    {"_id": "PLAIN-4", "text": "what is not judged?"},
)
QRELS = ("PLAIN-1\t4983\t2", "PLAIN-1\tMED-10\t1", "PLAIN-2\tMED-10\t1", "PLAIN-2\t4983\t0", "PLAIN-3\t<db:Ink>\t1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in the form of BEIR."""
    return written(tmp_path / "nfcorpus")


def written(folder: Path, queries: Sequence[object] = QUERIES, qrels: Sequence[str] = QRELS) -> Path:
    """Write a folder in the form of BEIR."""
    (folder / "qrels").mkdir(parents=True)
    for name, rows in (("corpus", CORPUS), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    lines = "".join(f"{line}\n" for line in ("query-id\tcorpus-id\tscore", *qrels))
    (folder / "qrels" / "test.tsv").write_text(lines)
    return folder


def test_a_folder_becomes_a_clean_set(folder: Path, tmp_path: Path) -> None:
    """Judged queries are cases without answers; any relevant article proves one; the corpus is the articles."""
    whole = import_beir(folder, tmp_path / "out")
    articles = load_articles(whole, tmp_path / "out")
    assert problems(whole, articles) == []
    ink = articles[2].id
    assert [(one.id, one.title, one.text) for one in articles] == [
        ("4983", "Colour", LONG),
        ("MED-10", "Squid", "Squid swim."),
        (ink, "Ink", "Ink"),
    ]
    assert [(one.id, one.outcome, one.answers) for one in whole.cases] == [
        (f"PLAIN-{i}", "answered", ()) for i in (1, 2, 3)
    ]
    named = [[[span.article for span in group] for group in case.required] for case in whole.cases]
    assert named == [[["4983", "MED-10"]], [["MED-10"]], [[ink]]]


def test_quotes_are_whole_or_the_first_words(folder: Path, tmp_path: Path) -> None:
    """A short article is quoted whole, a long one up to the last whole word of its first 300 characters."""
    case, *_ = import_beir(folder, tmp_path / "out").cases
    first, second = (span.quote for span in case.required[0])
    assert first == LONG[: len(first)]
    assert 270 < len(first) <= 300
    assert LONG[len(first)] == " "
    assert second == "Squid swim."


def test_queries_in_the_same_words_come_once(tmp_path: Path) -> None:
    """A query that was asked before is left out, and one that is empty."""
    queries = [QUERIES[0], {"_id": "PLAIN-2", "text": "What  changes COLOUR"}, {"_id": "PLAIN-3", "text": " "}]
    whole = import_beir(written(tmp_path / "b", queries=queries), tmp_path / "out")
    assert [case.id for case in whole.cases] == ["PLAIN-1"]


def test_a_limit_draws_some(folder: Path, tmp_path: Path) -> None:
    """As many queries as wanted are drawn, the same each time, and all articles stay."""
    one, other = (import_beir(folder, tmp_path / name, limit=2) for name in "ab")
    assert one == other
    assert len(one.cases) == 2
    assert len(load_articles(one, tmp_path / "a")) == 3


def test_what_is_wrong_is_said(folder: Path, tmp_path: Path) -> None:
    """A missing split, a line that is no judgement, judgements of another corpus, and a taken folder are errors."""
    with pytest.raises(SetMissingError, match=r"dev\.tsv: cannot be read"):
        import_beir(folder, tmp_path / "out", split="dev")
    for number, (qrels, error, said) in enumerate(
        (
            (["PLAIN-1 4983 1"], SetFormatError, r"test\.tsv, line 2: is not query, article and score"),
            (["PLAIN-1\t4983\thigh"], SetFormatError, r"test\.tsv, line 2: is not query, article and score"),
            (["PLAIN-1\tMED-99\t1"], SetMissingError, r"test\.tsv: names no relevant article of the corpus"),
        )
    ):
        with pytest.raises(error, match=said):
            import_beir(written(tmp_path / str(number), qrels=qrels), tmp_path / "out")
    (folder / "corpus.jsonl").write_text('{"id": "4983", "text": "Squid."}\n')
    with pytest.raises(SetFormatError, match=r"corpus\.jsonl, line 1: _id: Field required; name a folder of BEIR"):
        import_beir(folder, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(SetExistsError):
        import_beir(folder, tmp_path)
