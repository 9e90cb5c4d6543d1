"""Sets of questions with what is expected of their answers: their form, reading, checking and importing.

A set is a folder: `set.toml` with name, about, articles and asked_at; files of JSON lines with one `Case` a line; and
articles, in the folder or elsewhere. `eval/sets` is the set that comes with the project.
"""

from eval.cases.errors import CasesError, SetExistsError, SetFormatError, SetMissingError
from eval.cases.model import SLICES, Case, CaseSet, Slice, Span
from eval.cases.reading import BUNDLED, load_articles, read_set, set_fingerprint, set_folder
from eval.cases.schema import case_schema
from eval.cases.validating import problems

__all__ = [
    "BUNDLED",
    "SLICES",
    "Case",
    "CaseSet",
    "CasesError",
    "SetExistsError",
    "SetFormatError",
    "SetMissingError",
    "Slice",
    "Span",
    "case_schema",
    "load_articles",
    "problems",
    "read_set",
    "set_fingerprint",
    "set_folder",
]
