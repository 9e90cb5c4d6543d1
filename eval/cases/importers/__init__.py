"""Importers: public question sets, in the files in which they are published, written as sets of this project.

Each writes a folder of `set.toml`, `articles.jsonl` and `cases.jsonl`, and gives back the set as it is read from there.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from eval.cases.importers.beir import import_beir
from eval.cases.importers.mtrag import import_mtrag
from eval.cases.importers.squad import import_squad
from eval.cases.model import CaseSet

__all__ = ["IMPORTERS", "Importer", "import_beir", "import_mtrag", "import_squad"]


class Importer(Protocol):
    """What reads the files of one format."""

    def __call__(self, source: Path, out: Path, /, *, limit: int | None = None) -> CaseSet:
        """Write the set into the new folder `out`. Raises EvalError."""
        ...


IMPORTERS: Mapping[str, Importer] = {"squad": import_squad, "beir": import_beir, "mtrag": import_mtrag}
"""What reads each format, by its name."""
