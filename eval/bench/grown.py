"""One library of a given size, and what it costs: time, disk, memory, and the time of a question.

Example: `python -m eval.bench.grown --data ../shared/data --sentences 10000`

Vectors come recorded (see RecordedEncoder), so this measures the index and not the encoder; only questions are encoded.
It runs in a process of its own, so that the memory it reports is that library's, and prints one JSON object.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from eval.bench.children import arguments, emit
from eval.bench.data import evenly, read_squad
from eval.bench.libraries import index_all, temporary_folder
from eval.bench.machine import disk_bytes, resident_bytes
from eval.bench.metrics import Figure, Section, percentile
from eval.bench.ours import timed_queries
from eval.bench.recall import recall_of_library
from eval.bench.recorded import RecordedEncoder
from eval.bench.synthetic import sentence_pool, synthetic_articles
from index import Library
from index.encoders import Encoder
from service.encoders import make_encoder
from service.offline import force_offline
from service.settings import load_settings

__all__ = ["SEED", "grow", "measure", "recorded_encoder"]

SEED = 1
"""Of the sentences drawn."""
_QUERIES = 200
_RECALL_QUERIES = 100
_MEBI = 1 << 20


def recorded_encoder(pool: list[str], inner: Encoder) -> RecordedEncoder:
    """Return an encoder that has read every sentence of `pool`."""
    encoder = RecordedEncoder(inner)
    encoder.record(pool)
    return encoder


def grow(library: Library, pool: list[str], n_sentences: int, *, languages: bool = False) -> float:
    """Index `n_sentences` drawn from `pool`; return the seconds until the first reply."""
    library.search(["warm up"])
    began = time.perf_counter()
    index_all(library, synthetic_articles(pool, n_sentences, seed=SEED, languages=languages))
    library.search(["warm up"], limit=1)
    return time.perf_counter() - began


def measure(data: Path, make: Callable[[], Encoder], n_sentences: int, limit: int) -> Section:
    """Build a library of `n_sentences`, ask it, close it, open it again, and return what all that took."""
    documents, questions = read_squad(data, limit)
    texts = [question.text for question in questions]
    pool = sentence_pool(documents)
    encoder = recorded_encoder(pool, make())
    with temporary_folder() as folder:
        before = resident_bytes()
        with closing(Library(folder, lambda: encoder)) as library:
            section = _built(library, grow(library, pool, n_sentences))
            section |= _asked(library, texts)
            section["memory, of all"] = Figure(resident_bytes() / _MEBI, 1, "MiB")
            section["memory, of the library"] = Figure((resident_bytes() - before) / _MEBI, 1, "MiB")
            recalls = recall_of_library(library, evenly(texts, _RECALL_QUERIES))
            section |= {f"recall@{k} of sentences": recall for k, recall in recalls.items()}
        n = section["sentences"].n
        section["disk"] = Figure(disk_bytes(folder) / n, n, "bytes/sentence")
        section["open again"] = Figure(_reopened(folder, encoder, texts[0]), 1, "s")
    return section


def _built(library: Library, seconds: float) -> Section:
    totals = library.reader.totals()
    n = totals.sentences
    return {
        "sentences": Figure(n, n, "count"),
        "build": Figure(n / seconds, n, "sentences/s"),
        "build time": Figure(seconds / n * 1e6, n, "µs/sentence"),
    }


def _asked(library: Library, questions: list[str]) -> Section:
    times = timed_queries(library, evenly(questions, _QUERIES))
    return {f"query p{q}": percentile(times, q) for q in (50, 95)}


def _reopened(folder: Path, encoder: Encoder, question: str) -> float:
    """Return the seconds from opening the library to its first reply, with an encoder that is warm."""
    began = time.perf_counter()
    with closing(Library(folder, lambda: encoder)) as library:
        library.search([question])
        return time.perf_counter() - began


def main() -> None:
    """Measure, and print one JSON object."""
    parser = arguments(__doc__)
    parser.add_argument("--sentences", type=int, required=True, help="how many sentences to index")
    options = parser.parse_args()
    force_offline()
    section = measure(options.data, lambda: make_encoder(load_settings()), options.sentences, options.limit)
    emit({name: asdict(figure) for name, figure in section.items()})


if __name__ == "__main__":
    main()
