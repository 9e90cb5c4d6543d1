import gzip
import json
from pathlib import Path

import pytest

from eval.bench.extraction import main, overlap
from index.extracting import Extractor

DATA = Path(__file__).parents[4] / "shared" / "data"
PAGES = 12


def test_overlap_of_shingles() -> None:
    """Shingles are counted as often as they stand in both texts, and an empty text has no precision."""
    assert overlap("a b c d e", "a b c d e") == (1.0, 1.0)
    assert overlap("a b c d e", "a, b; c d! x") == (0.5, 0.5)
    assert overlap("a b c d a b c d", "a b c d") == (1.0, 0.2)
    assert str(overlap("a b", "")) == "(nan, 0.0)"


def test_text_of_real_pages(extractor: Extractor) -> None:
    """On real news pages, nearly all of the article comes, and little else."""
    truth = DATA / "extraction" / "truth.jsonl"
    if not truth.is_file():
        pytest.skip(f"there are no pages in {truth.parent}")
    for line in truth.read_text(encoding="utf-8").splitlines()[:PAGES]:
        row = json.loads(line)
        found = extractor.extract((truth.parent / "pages" / row["page"]).read_bytes(), "html.gz", url=row["url"])
        precision, recall = overlap(row["body"], found.text)
        assert precision > 0.7
        assert recall > 0.6
        assert found.title
        assert set(found.origins) <= {
            "title",
            "author",
            "outlet",
            "language",
            "published_at",
            "modified_at",
            "canonical_url",
        }


def test_the_benchmark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The benchmark prints figures for the sets that are there, and says which are not."""
    pages = tmp_path / "extraction" / "pages"
    pages.mkdir(parents=True)
    text = "The ferry between the two islands sails again from Monday, the harbour master said on Friday evening."
    (pages / "a.gz").write_bytes(gzip.compress(f"<html><body><article><p>{text}</p></article></body></html>".encode()))
    row = {"page": "a.gz", "url": "https://a.example/a", "body": text}
    (tmp_path / "extraction" / "truth.jsonl").write_text(json.dumps(row), encoding="utf-8")
    assert main(["--data", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "Pullquote                        F1 1.0000" in printed
    assert "Skipped: there is no metadata set" in printed
