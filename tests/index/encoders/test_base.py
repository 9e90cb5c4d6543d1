import numpy as np

from index.encoders.base import unit


def test_vectors_are_scaled_row_by_row() -> None:
    """Each row has length one afterwards, and zeros stay zeros."""
    rows = unit(np.array([[3, 4], [0, 0], [0, 2]], dtype=np.float32))
    assert np.allclose(rows, [[0.6, 0.8], [0, 0], [0, 1]])
    assert rows.dtype == np.float32


def test_a_single_vector_is_scaled() -> None:
    """One vector keeps its shape."""
    assert np.allclose(unit(np.array([3, 4], dtype=np.float32)), [0.6, 0.8])
