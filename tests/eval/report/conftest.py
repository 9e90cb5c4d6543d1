"""Headers, answers and runs of one case, with everything that a test does not name filled in."""

from collections.abc import Callable

import pytest

from eval.cases.model import Case
from eval.runs.model import CaseRecord, Run, RunHeader
from service.contract import Answer, Usage

_HEADER: dict[str, object] = {
    "name": "candidate",
    "started_at": "2026-11-23T21:04:11+00:00",
    "set": "sample-articles",
    "set_fingerprint": "9f2b61c07d5e4a1f8b3c",
    "n_cases": 1,
    "repeats": 1,
    "mode": "replay",
    "target": "in process",
    "settings": {"support_threshold": 0.35, "reranker": None, "encoder_dtype": "auto", "index_quotes": True},
    "model": {"chat": "local:qwen2.5-coder-1.5b-instruct", "encoder": "sentence-transformers/all-MiniLM-L6-v2"},
    "prompts": {"answer.v2": "41c7d09be2aa", "support.v2": "7b1f0c22d913", "rewrite.v1": "c0aa9182be31"},
    "index": {"sentences": 512, "passages": 148, "articles": 32, "chunker": "3"},
    "versions": {"python": "3.11.7", "pullquote": "0.1.0", "torch": "2.13.0", "langchain-chroma": None},
    "machine": {"processor": "AMD EPYC 9B14", "cores": 2, "memory_mib": 24064, "system": "Linux", "load": 1.42},
    "commit": "09303a3",
    "seed": 7,
}
_ANSWER: dict[str, object] = {
    "id": "ans_1",
    "outcome": "answered",
    "reason": None,
    "answer": "",
    "statements": [],
    "citations": [],
    "dropped": [],
    "nearest": [],
    "searched": [],
    "as_of": None,
    "degraded": [],
    "model": {},
    "prompts": {},
    "usage": Usage(),
    "timings_ms": {},
}


@pytest.fixture(scope="session")
def header() -> Callable[..., RunHeader]:
    """Return what makes a header with the fields given."""
    return lambda **fields: RunHeader.model_validate(_HEADER | fields)


@pytest.fixture(scope="session")
def answer() -> Callable[..., Answer]:
    """Return what makes an answer with the fields given."""
    return lambda **fields: Answer.model_validate(_ANSWER | fields)


@pytest.fixture(scope="session")
def case() -> Callable[..., Case]:
    """Return what makes a case with the fields given."""
    whole = {"id": "S1", "slice": "single", "question": "Who led?", "outcome": "answered"}
    return lambda **fields: Case.model_validate(whole | fields)


@pytest.fixture(scope="session")
def record(case: Callable[..., Case], answer: Callable[..., Answer]) -> Callable[..., CaseRecord]:
    """Return what makes a record of a case; an answer that is not named is empty."""

    def make(of: Case | None = None, **fields: object) -> CaseRecord:
        whole = {"case": of or case(), "search": None, "answer": answer(), "seconds": 1.5, "scores": {}}
        return CaseRecord.model_validate(whole | fields)

    return make


@pytest.fixture(scope="session")
def run(header: Callable[..., RunHeader]) -> Callable[..., Run]:
    """Return what makes a run of records; the header has the fields given."""

    def make(*records: CaseRecord, **fields: object) -> Run:
        n_cases = len({record.case.id for record in records})
        return Run(header=header(**({"n_cases": n_cases} | fields)), records=records)

    return make
