from eval.bench.data import SpanQuestion
from eval.bench.peer import Chunk, chunk_rank, tokens_until_answer

QUESTION = SpanQuestion("Who?", "one", (20, 40), ((24, 26), (34, 36)))


def test_the_rank_of_a_chunk_by_hand() -> None:
    """A chunk counts for the paragraph that holds most of it, in the right article."""
    other, half, right = Chunk("two", 20, "x" * 20), Chunk("one", 10, "x" * 20), Chunk("one", 22, "x" * 20)
    assert chunk_rank([other, half, right], QUESTION) == 3
    assert chunk_rank([other, half], QUESTION) is None


def test_tokens_are_read_up_to_the_end_of_the_answer() -> None:
    """With a token a character: ten of the first chunk, then six of the second until the answer at 24 to 26 ends."""
    chunks = [Chunk("two", 20, "x" * 10), Chunk("one", 20, "x" * 20)]
    assert tokens_until_answer(chunks, QUESTION, len) == 16


def test_the_earliest_answer_counts() -> None:
    """Where several chunks hold an answer, the least tokens count, and an answer cut by a chunk's end is none."""
    chunks = [Chunk("one", 20, "x" * 5), Chunk("one", 30, "x" * 10), Chunk("one", 20, "x" * 20)]
    assert tokens_until_answer(chunks, QUESTION, len) == 5 + 6
    assert tokens_until_answer(chunks[:1], QUESTION, len) is None
