from hypothesis import given
from hypothesis import strategies as st

from index.spans import SPAN_BYTES, Span, pack_spans, unpack_spans

OFFSETS = st.integers(0, 2**31 - 1)
SPANS = st.lists(st.builds(Span, OFFSETS, OFFSETS, OFFSETS, st.integers(0, 2**63 - 1)), max_size=8)


@given(SPANS)
def test_spans_come_back_as_they_were(spans: list[Span]) -> None:
    """What was packed is unpacked, of any article that fits in memory, at a fixed size a sentence."""
    assert unpack_spans(pack_spans(spans)) == spans
    assert len(pack_spans(spans)) == SPAN_BYTES * len(spans)
