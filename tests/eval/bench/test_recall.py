from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from eval.bench.libraries import index_all
from eval.bench.recall import DEPTHS, exact_nearest, neighbour_recall, recall_of_library
from eval.bench.synthetic import synthetic_articles
from index import Library
from index.encoders import FakeEncoder, Vectors


def test_exact_search_in_pieces() -> None:
    """The nearest by cosine are found across pieces, whatever the lengths of the vectors."""
    vectors = np.array([[1, 0], [0, 2], [3, 3], [-1, 0], [5, 1]], dtype=np.float32)
    queries = np.array([[1, 0], [0, 1]], dtype=np.float32)

    def pieces() -> Iterator[tuple[Sequence[int], Vectors]]:
        yield [10, 11], vectors[:2]
        yield [12, 13, 14], vectors[2:]

    assert exact_nearest(pieces(), queries, 3) == [[10, 14, 12], [11, 12, 14]]
    assert exact_nearest(pieces(), queries, 9)[0] == [10, 14, 12, 11, 13]
    assert exact_nearest(iter([]), queries, 3) == [[], []]


def test_recall_by_hand() -> None:
    """Three of the four nearest are among the first two found, in whatever order."""
    figure = neighbour_recall([[2, 1, 9], [8, 7, 3]], [[1, 2, 3], [3, 8, 7]], 2)
    assert (figure.value, figure.n) == (0.75, 2)
    assert figure.interval is not None
    assert figure.interval[0] < 0.75 < figure.interval[1]
    assert neighbour_recall([[1]], [[1]], 10).value == 1


def test_a_small_library_finds_nearly_all(tmp_path: Path) -> None:
    """The approximate side of a small library agrees with the exact one."""
    pool = [f"The ferry of district {i} stopped in year {i}." for i in range(50)]
    with closing(Library(tmp_path, FakeEncoder)) as library:
        index_all(library, synthetic_articles(pool, 200, seed=1))
        recalls = recall_of_library(library, ["What of district 7?", "What of district 9?"])
    assert tuple(recalls) == DEPTHS
    assert all(recall.n == 2 for recall in recalls.values())
    assert recalls[64].value == pytest.approx(1, abs=0.2)
