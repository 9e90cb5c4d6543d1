"""What a child does whose vector index was damaged: answer as if nothing had happened, without encoding a passage."""

import os
import random
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from eval.proof.truth import differences
from eval.proof.writing import make
from index.encoders import FakeEncoder, PassageText, PassageVectors
from index.errors import EncoderError
from index.library import Library

__all__ = ["DAMAGES", "build", "look_closed", "look_open"]


def _truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _zeroed(file: Path) -> None:
    file.write_bytes(bytes(file.stat().st_size))


def _flipped(file: Path) -> None:
    """Flip one bit in the middle, and leave size and time as they were."""
    content, before = bytearray(file.read_bytes()), file.stat()
    if content:
        content[len(content) // 2] ^= 0x10
    with file.open("r+b") as opened:
        opened.write(content)
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def _garbled(file: Path) -> None:
    """Overwrite in place, so that whoever has it open reads that."""
    with file.open("r+b") as opened:
        opened.write(bytes(i * 37 % 251 for i in range(file.stat().st_size)))


DAMAGES: Mapping[str, Callable[[Path], None]] = {
    "truncated": _truncated,
    "zeroed": _zeroed,
    "a flipped bit": _flipped,
    "deleted": Path.unlink,
    "garbage": _garbled,
}
"""What may happen to a file."""


class _Silent(FakeEncoder):
    """Encode questions alone."""

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        raise EncoderError(f"{len(passages)} passages were to be encoded anew")


def build(connection: Connection, folder: Path, n: int) -> None:
    """Make a library of `n` articles of a hundred sentences, of which chromadb keeps a thousand in its graph."""
    library = Library(folder, FakeEncoder)
    texts = {}
    for i in range(n):
        made = make(f"d{i}", random.Random(i), 100)
        library.add(made)
        texts[made.id] = made.text
    library.close()
    connection.send(texts)


def look_closed(connection: Connection, folder: Path, texts: Mapping[str, str], file: str, damage: str) -> None:
    """Damage a file before the library is opened; send what is wrong after that."""
    DAMAGES[damage](folder / file)
    connection.send(_looked(folder, texts))


def look_open(connection: Connection, folder: Path, texts: Mapping[str, str], file: str, damage: str) -> None:
    """Damage a file of a library that is open; search and change it, and open it again; send what is wrong."""
    library = Library(folder, FakeEncoder)
    name, text = next(iter(texts.items()))
    _ask(library, text)
    DAMAGES[damage](folder / file)
    problems = [] if _ask(library, text) else ["a sentence is not found while the library is open"]
    library.remove(name)
    changed = make("d-new", random.Random(99), 30)
    library.add(changed)
    expected = {**{key: value for key, value in texts.items() if key != name}, changed.id: changed.text}
    if not _ask(library, changed.text):
        problems.append("an article that was added after the damage is not found")
    library.close()
    connection.send([*problems, *_looked(folder, expected)])


def _ask(library: Library, text: str) -> bool:
    sentence = text.partition(".")[0] + "."
    return sentence in [evidence.text for evidence in library.search([sentence]).evidence]


def _looked(folder: Path, texts: Mapping[str, str]) -> list[str]:
    library = Library(folder, _Silent)
    problems = differences(library, texts)
    library.close()
    return problems
