"""What a child that is going to be killed does: open the library, say what is wrong with it, and go on changing it.

Before each change it says which, and after it that it is done: what it has not said may be there or not.
"""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path

from eval.proof.children import heavy_imports
from eval.proof.truth import differences
from index import Article, make_article
from index.encoders import FakeEncoder
from index.ledger import Writer
from index.library import Library
from index.vectors import VectorIndex

__all__ = ["AIMS", "Texts", "make", "write_until_killed"]

Texts = Mapping[str, str | None]
"""Articles by id; None for one that is to be removed."""

_MOST_ARTICLES = 24
_WORDS = 5
_SMALL_CONFIGURATION = {"hnsw": {"space": "cosine", "batch_size": 10, "sync_threshold": 20}}
_POINTS: dict[str, tuple[type, str, bool]] = {
    "versions are written": (Writer, "write_versions", True),
    "vectors are to be put": (VectorIndex, "add", False),
    "vectors are put": (VectorIndex, "add", True),
    "versions are to be published": (Writer, "publish", False),
    "versions are published": (Writer, "publish", True),
    "vectors are removed": (VectorIndex, "remove", True),
    "leftovers are swept": (Writer, "sweep", True),
    "an article is hidden": (Writer, "hide", True),
    "a generation is begun": (Writer, "new_generation", True),
    "generations are to be switched": (Writer, "switch_generation", False),
    "generations are switched": (Writer, "switch_generation", True),
    "the index is to be sealed": (VectorIndex, "close", False),
    "the index is sealed": (VectorIndex, "close", True),
}
AIMS = ("the graph is written", "the swap of generations", *_POINTS)
"""At which points a child may be killed."""


def write_until_killed(  # noqa: PLR0917  (what a process is started with)
    connection: Connection, folder: Path, texts: Mapping[str, str], open_ones: Texts, seed: int, aim: str
) -> None:
    """Check the library against `texts`, of which `open_ones` may be as they were before or as they are named; go on.

    Sends ("checked", problems, what became of the open ones, seconds, sentences), then ("begin", id, text) and
    ("done",) by turns.
    """
    if heavy := heavy_imports():
        raise RuntimeError(f"a start would take seconds: {heavy} was imported")
    begun = time.monotonic()
    if aim or seed % 2:
        _write_graphs_often()
    library = Library(folder, FakeEncoder)
    sentences = library.check()
    seconds = time.monotonic() - begun
    settled = _settled(library, texts, open_ones)
    connection.send(("checked", differences(library, settled), settled, seconds, sentences))
    if aim:
        _arm(aim, folder, random.Random(seed))
    _change(connection, library, dict(settled), random.Random(seed), aim)


def make(name: str, chance: random.Random, sentences: int) -> Article:
    """Return an article whose sentences have words of their own."""
    said = " ".join(
        " ".join(f"{name}w{chance.randrange(100_000)}" for _ in range(_WORDS)) + f" n{number}."
        for number in range(sentences)
    )
    return make_article({"id": name, "text": said, "language": "en"}, place=name)


def _settled(library: Library, texts: Mapping[str, str], open_ones: Texts) -> dict[str, str]:
    """Return what the articles should be, where each open one may be old or new, but nothing else."""
    settled = dict(texts)
    for name, new in open_ones.items():
        found = library.reader.find(name)
        if (found.text if found else None) == new:
            settled.pop(name, None)
            settled |= {name: new} if new is not None else {}
    return settled


def _change(connection: Connection, library: Library, texts: dict[str, str], chance: random.Random, aim: str) -> None:
    """Change the library for ever."""
    while True:
        kind = chance.random()
        if kind < (0.5 if "generation" in aim else 0.03):
            library.reindex()
        elif kind < (0.5 if "sealed" in aim else 0.06):
            library.close()
            library.__init__(library._folder, FakeEncoder)  # type: ignore[misc]
        elif texts and (len(texts) >= _MOST_ARTICLES or kind < (0.6 if "hidden" in aim else 0.3)):
            name = chance.choice(sorted(texts))
            connection.send(("begin", {name: None}))
            library.remove(name)
            del texts[name]
            connection.send(("done",))
        else:
            _add(connection, library, texts, chance)


def _add(connection: Connection, library: Library, texts: dict[str, str], chance: random.Random) -> None:
    names = [f"a{chance.randrange(2 * _MOST_ARTICLES)}" for _ in range(chance.choice((1, 1, 3)))]
    made = [make(name, chance, chance.choice((1, 4, 20))) for name in dict.fromkeys(names)]
    changed = {one.id: one.text for one in made}
    connection.send(("begin", changed))
    for _ in library.add_all(made):
        pass
    texts |= changed
    connection.send(("done",))


def _write_graphs_often() -> None:
    """Have chromadb write its graph after some vectors, instead of after a thousand."""

    def opened(self: VectorIndex) -> object:
        return self._client.get_or_create_collection(
            "sentences",
            embedding_function=None,
            configuration=_SMALL_CONFIGURATION,  # type: ignore[arg-type]
        )

    VectorIndex._open = opened  # type: ignore[assignment,method-assign]


def _arm(aim: str, folder: Path, chance: random.Random) -> None:
    """Have this process killed at a point."""
    if aim == "the graph is written":
        threading.Thread(target=_kill_when_written, args=(folder, chance.random() * 0.004), daemon=True).start()
    elif aim == "the swap of generations":
        _kill_in(Writer, "switch_generation", chance.random() * 0.02)
    else:
        owner, name, after = _POINTS[aim]
        _kill_at(owner, name, after=after, number=chance.randrange(1, 4))


def _kill_when_written(folder: Path, delay_s: float) -> None:
    """Wait until a file of the graph is written, and a moment more, so that it is half written."""
    files = sorted((folder / "vectors").glob("*/*/*.bin"))
    before = [_look(file) for file in files]
    while [_look(file) for file in files] == before:
        pass
    time.sleep(delay_s)
    _die()


def _look(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _kill_in(owner: type, name: str, delay_s: float) -> None:
    real = getattr(owner, name)

    def timed(*arguments: object, **named: object) -> object:
        threading.Timer(delay_s, _die).start()
        return real(*arguments, **named)

    setattr(owner, name, timed)


def _kill_at(owner: type, name: str, *, after: bool, number: int) -> None:
    real: Callable[..., object] = getattr(owner, name)
    left = number

    def deadly(*arguments: object, **named: object) -> object:
        nonlocal left
        left -= 1
        if not after and not left:
            _die()
        result = real(*arguments, **named)
        if not left:
            _die()
        return result

    setattr(owner, name, deadly)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
