"""Citation recall and precision of ALCE (Gao, Yen, Yu and Chen 2023), by the service's own verifier.

In the paper a model of entailment reads, for each sentence of the answer, all passages that it cites: recall is 1 where
there is a citation and they entail the sentence. A citation is irrelevant where it does not entail the sentence alone
and the others do without it; precision is 1 for each citation that is not, of sentences whose recall is 1.

What differs here:

- The verdicts are those that the answer brings. The service judges itself and leaves out what fails, so that these
  figures are high by construction: they tell of drift, and do not compare with the paper's or with other systems'.
- The unit is the service's statement, where the paper splits at sentences; and a verdict is a check of words besides
  entailment. The verdict `supported` counts as entailed, `weak` and `unsupported` do not; a statement that is
  `unchecked` has no score.
- Nothing is asked again. Whether one of several citations of a supported statement is irrelevant is not known, so
  these citations are left out of precision.
- A statement that follows from several steps was judged by the sentences of the last, and cites those of all.
"""

from collections.abc import Sequence
from statistics import fmean

from service.contract import Statement

__all__ = ["alce_citation_precision", "alce_citation_recall"]


def alce_citation_recall(statements: Sequence[Statement]) -> float | None:
    """Return the share of statements that cite something that supports them; None where none was checked."""
    checked = _checked(statements)
    return fmean(map(_is_recalled, checked)) if checked else None


def alce_citation_precision(statements: Sequence[Statement]) -> float | None:
    """Return the share of citations that are relevant, of those that can be told; None where none can."""
    flags = [
        recalled
        for statement, recalled in ((statement, _is_recalled(statement)) for statement in _checked(statements))
        for _ in statement.citation_ids
        if len(statement.citation_ids) == 1 or not recalled
    ]
    return fmean(flags) if flags else None


def _checked(statements: Sequence[Statement]) -> list[Statement]:
    return [statement for statement in statements if statement.verdict != "unchecked"]


def _is_recalled(statement: Statement) -> bool:
    return bool(statement.citation_ids) and statement.verdict == "supported"
