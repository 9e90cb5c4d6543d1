"""The doctor: what is installed, indexed and reachable, and what to do about what is not."""

import importlib.util
import platform
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx

from index.errors import EncoderError, IndexingError, RerankerError
from index.ledger import Database, Reader
from index.owner import find_owner
from index.weights import Weights, status
from service.encoders import ENCODERS, LANGCHAIN, make_encoder
from service.errors import ServiceError, SettingsError
from service.local.catalogue import LOCAL_MODELS
from service.rerankers import make_reranker
from service.settings import Settings
from service.tokens import TokenStore

__all__ = ["Finding", "cuda_build", "diagnose", "settings_table"]

_PULL = "run `pullquote models pull`"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `ok` is None for what is worth knowing but neither good nor bad."""

    part: str
    ok: bool | None
    detail: str
    remedy: str | None = None


def diagnose(settings: Settings) -> list[Finding]:
    """Look at everything; what cannot be looked at is a finding too."""
    checks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _torch,
        _encoder,
        _reranker,
        _verifier,
        _chat,
        _library,
        _server,
        _access,
    )
    findings: list[Finding] = []
    for check in checks:
        try:
            findings.extend(check(settings))
        except (IndexingError, ServiceError) as exc:
            findings.append(Finding(check.__name__.strip("_"), ok=False, detail=str(exc)))
    findings.append(
        Finding(
            "languages",
            None,
            "the default models are for English; articles in other languages are stored, and found less well",
            "for others set PULLQUOTE_ENCODER to a multilingual sentence-transformers folder (then `pullquote reindex`)"
            " and PULLQUOTE_CHAT_MODEL to a model of that language",
        )
    )
    return findings


def settings_table(settings: Settings) -> dict[str, tuple[str, str]]:
    """Return each setting's variable with its value, secrets hidden, and its description."""
    return {
        f"PULLQUOTE_{name.upper()}": (str(getattr(settings, name)), field.description or "")
        for name, field in Settings.model_fields.items()
    }


def cuda_build(torch_version_file: Path) -> str | None:
    """Return the CUDA version that torch was built for, or None; reads its version file without importing torch."""
    found = re.search(r"^cuda[^=\n]*=\s*'([^']+)'", torch_version_file.read_text(), re.MULTILINE)
    return found[1] if found else None


def _python(_: Settings) -> Iterator[Finding]:
    yield Finding("pullquote", ok=True, detail=f"{version('pullquote')} on Python {platform.python_version()}")


def _torch(_: Settings) -> Iterator[Finding]:
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        yield Finding("torch", ok=False, detail="is not installed", remedy="run `make setup`")
        return
    cuda = cuda_build(Path(spec.origin).with_name("version.py"))
    if cuda and not (Path("/dev/nvidia0").exists() or shutil.which("nvidia-smi")):
        yield Finding(
            "torch",
            ok=None,
            detail=f"{version('torch')} is built for CUDA {cuda}, which this machine has not: gigabytes for nothing",
            remedy="name a CPU build: `make run TORCH_ARGS='torch==2.13.0 --index-url ADDRESS'`, in a fresh .venv",
        )
        return
    yield Finding("torch", ok=True, detail=version("torch") + (f" for CUDA {cuda}" if cuda else " for the processor"))


def _encoder(settings: Settings) -> Iterator[Finding]:
    if settings.encoder in ENCODERS:
        yield _files("encoder", settings, ENCODERS[settings.encoder])
        return
    try:
        make_encoder(settings)
    except EncoderError as exc:
        remedy = f"set PULLQUOTE_ENCODER to a folder, to one of {', '.join(ENCODERS)}, or to {LANGCHAIN}PROVIDER:MODEL"
        yield Finding("encoder", ok=False, detail=str(exc), remedy=remedy)
        return
    if settings.encoder.startswith(LANGCHAIN):
        yield Finding("encoder", ok=None, detail=f"{settings.encoder}; asked only when a text is encoded")
    else:
        yield Finding("encoder", ok=True, detail=settings.encoder)


def _reranker(settings: Settings) -> Iterator[Finding]:
    try:
        reranker = make_reranker(settings)
    except RerankerError as exc:
        remedy = "set PULLQUOTE_RERANKER to a folder with a sentence-transformers CrossEncoder, or unset it"
        yield Finding("reranker", ok=False, detail=str(exc), remedy=remedy)
        return
    if reranker:
        yield Finding("reranker", ok=True, detail=f"{reranker.name} in {settings.reranker}")


def _verifier(settings: Settings) -> Iterator[Finding]:
    from service.checking.entailment import EntailmentVerifier  # noqa: PLC0415

    if settings.verifier is None:
        return
    try:
        verifier = EntailmentVerifier(settings.verifier, name=settings.verifier.resolve().name)
    except SettingsError as exc:
        remedy = "set PULLQUOTE_VERIFIER to a folder with a CrossEncoder for entailment, or unset it"
        yield Finding("verifier", ok=False, detail=str(exc), remedy=remedy)
        return
    yield Finding("verifier", ok=True, detail=f"{verifier.name} in {settings.verifier}")


def _chat(settings: Settings) -> Iterator[Finding]:
    from service.chat.factory import make_chat  # noqa: PLC0415  (0.5 s of LangChain, which `--help` need not wait for)

    try:
        make_chat(settings)
    except SettingsError as exc:
        remedy = f"set PULLQUOTE_CHAT_MODEL and its options, such as local:{next(iter(LOCAL_MODELS))}"
        yield Finding("chat model", ok=False, detail=str(exc), remedy=remedy)
        return
    provider, _, name = settings.chat_model.partition(":")
    if provider != "local":
        yield Finding("chat model", ok=None, detail=f"{settings.chat_model}; asked only when a question comes")
        return
    yield _files("chat model", settings, LOCAL_MODELS[name])
    for package in ("xllamacpp", "langchain-openai"):
        try:
            yield Finding(package, ok=True, detail=version(package))
        except PackageNotFoundError:
            yield Finding(package, ok=False, detail="is not installed", remedy="run `pip install 'pullquote[local]'`")


def _files(part: str, settings: Settings, weights: Weights) -> Finding:
    found = status(settings.models_folder, weights)
    if found.complete:
        return Finding(part, ok=True, detail=f"{weights.name} in {found.folder}")
    return Finding(part, ok=False, detail=f"{weights.name} is not in {found.folder}", remedy=_PULL)


def _library(settings: Settings) -> Iterator[Finding]:
    path = settings.data_dir / "ledger.db"
    if not path.exists():
        yield Finding("library", None, f"{settings.data_dir} holds no articles yet", "run `pullquote add PATH`")
        return
    database = Database(path)
    try:
        database.check()
        totals = Reader(database).totals()
    finally:
        database.close()
    detail = f"{totals.articles} articles, {totals.sentences} sentences in {settings.data_dir}"
    yield Finding("library", ok=True, detail=detail)


def _server(settings: Settings) -> Iterator[Finding]:
    owner = find_owner(settings.data_dir)
    if owner is None:
        yield Finding("server", None, "is not running; commands work by themselves", "run `pullquote serve`")
        return
    try:
        headers = {"Authorization": f"Bearer {owner.key}"}
        ready = httpx.get(f"{owner.url}/readyz", headers=headers, trust_env=False, timeout=30).json()
    except (httpx.HTTPError, ValueError) as exc:
        yield Finding(
            "server", ok=False, detail=f"{owner.url} does not answer ({exc})", remedy="restart `pullquote serve`"
        )
        return
    for name, part in ready["parts"].items():
        yield Finding(f"server at {owner.url}, {name}", ok=bool(part["ok"]), detail=str(part["detail"]))


def _access(settings: Settings) -> Iterator[Finding]:
    tokens = TokenStore(settings.tokens_path).all()
    if settings.loopback:
        detail = f"{settings.bind}, reached from this machine alone; {len(tokens)} tokens"
        yield Finding("access", ok=True, detail=detail)
    elif tokens:
        yield Finding("access", ok=True, detail=f"{settings.bind}, reached by others; {len(tokens)} tokens")
    else:
        remedy = "run `pullquote tokens add NAME`, or bind 127.0.0.1"
        yield Finding("access", ok=False, detail=f"{settings.bind} is reached by others without a token", remedy=remedy)
