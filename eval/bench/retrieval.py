"""The benchmark of retrieval: its parts, each of which yields sections of figures as they are measured."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.bench.data import Document, evenly, read_clapnq, read_multihop, read_squad
from eval.bench.errors import BenchError
from eval.bench.filters import filter_latency
from eval.bench.grown import grow, recorded_encoder
from eval.bench.libraries import index_all, temporary_folder, to_article
from eval.bench.metrics import Section
from eval.bench.quality import by_article, by_paragraph, over_articles
from eval.bench.speed import beside_bare, beside_peer, peer_quality, run_rounds
from eval.bench.synthetic import sentence_pool
from index import Library
from index.encoders import Encoder
from index.weights import require
from service.encoders import ENCODERS, make_encoder
from service.settings import Settings

__all__ = ["PARTS", "Plan", "run_parts"]

_FILTER_QUESTIONS = 100


@dataclass(frozen=True)
class Plan:
    """What to measure: the folder of the sets, the settings that name the encoder, and how much of everything."""

    data: Path
    settings: Settings
    limit: int
    rounds: int
    filter_sentences: int


OnStep = Callable[[str], None]
Sections = Iterator[tuple[str, Section]]


def run_parts(plan: Plan, parts: Sequence[str], on_step: OnStep) -> Sections:
    """Yield the name and the figures of each section of `parts`, names of PARTS, as soon as they are measured."""
    for name in parts:
        yield from PARTS[name](plan, on_step)


def _quality(plan: Plan, on_step: OnStep) -> Sections:
    encoder = make_encoder(plan.settings)
    squad, spans = read_squad(plan.data, plan.limit)
    clapnq, questions = read_clapnq(plan.data, plan.limit)
    multihop, hops = read_multihop(plan.data, plan.limit)
    sets: tuple[tuple[str, list[Document], Callable[[Library], Section]], ...] = (
        ("squad", squad, partial(by_paragraph, questions=spans)),
        ("clapnq", clapnq, partial(by_article, questions=questions)),
        ("multihop", multihop, partial(over_articles, questions=hops)),
    )
    for name, documents, ask in sets:
        yield name, _measured(name, documents, encoder, ask, on_step)


def _measured(
    name: str, documents: Sequence[Document], encoder: Encoder, ask: Callable[[Library], Section], on_step: OnStep
) -> Section:
    with temporary_folder() as folder, closing(Library(folder, lambda: encoder)) as library:
        on_step(f"{name}: indexing {len(documents)} articles")
        index_all(library, [to_article(document) for document in documents])
        on_step(f"{name}: asking")
        return ask(library)


def _speed(plan: Plan, on_step: OnStep) -> Sections:
    rounds = run_rounds(plan.data, _model_folder(plan.settings), limit=plan.limit, rounds=plan.rounds, on_step=on_step)
    yield "squad, peer", peer_quality(rounds)
    yield "beside the peer", beside_peer(rounds)
    yield "beside the bare encoder", beside_bare(rounds)


def _filters(plan: Plan, on_step: OnStep) -> Sections:
    documents, questions = read_squad(plan.data, plan.limit)
    pool = sentence_pool(documents)
    on_step(f"filters: recording {len(pool):,} sentences")
    encoder = recorded_encoder(pool, make_encoder(plan.settings))
    with temporary_folder() as folder, closing(Library(folder, lambda: encoder)) as library:
        on_step(f"filters: indexing {plan.filter_sentences:,} drawn from them")
        grow(library, pool, plan.filter_sentences, languages=True)
        on_step("filters: asking")
        texts = [question.text for question in evenly(questions, _FILTER_QUESTIONS)]
        yield f"filters at {plan.filter_sentences:,} sentences, vectors recorded", filter_latency(library, texts)


def _model_folder(settings: Settings) -> Path:
    """Return the folder of the settings' encoder. Raises BenchError for one that is no sentence-transformers model."""
    if settings.encoder in ENCODERS:
        return require(settings.models_folder, ENCODERS[settings.encoder])
    if not Path(settings.encoder).is_dir():
        raise BenchError(f"the encoder {settings.encoder!r} has no folder that the peer could load; choose other parts")
    return Path(settings.encoder)


PARTS: dict[str, Callable[[Plan, OnStep], Sections]] = {"quality": _quality, "speed": _speed, "filters": _filters}
"""The parts of the benchmark by name, in the order in which they run."""
