import sys
from pathlib import Path

import pytest

from eval.bench.added import measure
from eval.bench.adding import main, measure_again, measure_speed, write_files
from eval.bench.errors import ChildError
from index.reading import Read, read_articles

pytestmark = pytest.mark.slow


def test_the_files_are_articles(tmp_path: Path) -> None:
    """Every file gives one article of its own with text and metadata, and the same ones come every time."""
    first, second = (list(read_articles(write_files(tmp_path / name, 5), max_bytes=99_999)) for name in "ab")
    articles = [found.article for found in first if isinstance(found, Read)]
    assert len({article.id for article in articles}) == len({article.text for article in articles}) == 5
    assert [found.article.version for found in second if isinstance(found, Read)] == [a.version for a in articles]


@pytest.mark.usefixtures("_fake_encoder")
def test_a_tiny_run_from_end_to_end(capsys: pytest.CaptureFixture[str]) -> None:
    """Speed, memory and the three passes are measured and shown."""
    assert main(["--speed", "3", "--again", "4", "--memory", "2"]) == 0
    shown, _ = capsys.readouterr()
    assert all(word in shown for word in ("articles/s", "peak at 0 articles", "4 unchanged files"))


def test_what_is_not_as_it_should_be_is_no_figure(tmp_path: Path) -> None:
    """A command that fails gives an error with what it said, and no time."""
    with pytest.raises(ChildError, match="should have said '2 added'"):
        measure_speed(tmp_path, 2, {"encoder": "nowhere"})
    with pytest.raises(ChildError, match="MAX_ARTICLE_BYTES"):
        measure_again(tmp_path / "again", 2, {"max_article_bytes": "-1"})


def test_memory_grows_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The peak is told at the start and after every so many articles, and never falls."""
    monkeypatch.setattr("eval.bench.added.SIZES", 2)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    peaks = measure(write_files(tmp_path / "files", 5), tmp_path / "data")
    assert list(peaks) == [0, 2, 4]
    assert list(peaks.values()) == sorted(peaks.values())
    assert peaks[0] > 1 << 20
