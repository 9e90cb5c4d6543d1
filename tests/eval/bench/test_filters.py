from contextlib import closing
from pathlib import Path

import pytest

from eval.bench.filters import CASES, UNFILTERED, filter_latency
from eval.bench.libraries import index_all
from eval.bench.synthetic import synthetic_articles
from index import Library
from index.encoders import FakeEncoder

pytestmark = pytest.mark.slow

POOL = [f"The ferry of district {i} stopped in year {i}." for i in range(50)]


def test_each_filter_is_timed_and_admits_what_it_says(tmp_path: Path) -> None:
    """Every case has the share admitted, both times, and the ratio to no filter."""
    with closing(Library(tmp_path, FakeEncoder)) as library:
        index_all(library, synthetic_articles(POOL, 200 * 40, seed=1, languages=True))
        section = filter_latency(library, ["What of district 7?", "When did the ferry stop?"])
    admitted = {name: section[f"{name}: admitted"].value for name in CASES}
    assert admitted[UNFILTERED] == 1
    assert admitted["one article"] == pytest.approx(1 / 200)
    for kind in ("outlet", "author", "dates"):
        assert admitted[f"{kind}, 50 %"] == pytest.approx(0.5, abs=0.1)
        assert admitted[f"{kind}, 10 %"] == pytest.approx(0.1, abs=0.06)
        assert admitted[f"{kind}, 1 %"] < 0.05
    assert section["one article: p95 ratio"].value > 0
    assert section[f"{UNFILTERED}: p95 ratio"].value == 1
    assert all(section[f"{name}: p{q}"].n == 2 for name in CASES for q in (50, 95))
