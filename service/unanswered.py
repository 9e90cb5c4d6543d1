"""What is said in place of an answer, in the same words at every door."""

from collections.abc import Mapping
from pathlib import Path

from service.contract import Answer, Reason

__all__ = ["unanswered"]

_OUTCOMES = {"failed": "Nothing was decided.", "partial": "Answered in part."}
_REASONS: Mapping[Reason | None, str] = {
    "index_empty": "There are no articles yet.",
    "no_articles_match_filters": "No article passes the filters.",
}


def unanswered(answer: Answer, data_dir: Path | None = None) -> str:
    """Return what is said of an answer that has no words of its own.

    `data_dir` is named where it holds no articles: a relative one is another folder wherever a command is started.
    It is for those who run Pullquote, not for those who come over a network.
    """
    if answer.reason == "index_empty" and data_dir:
        return (
            f"There are no articles yet in {data_dir.absolute()}; `pullquote add` adds some, "
            "and an absolute PULLQUOTE_DATA_DIR names another folder."
        )
    return _OUTCOMES.get(answer.outcome) or _REASONS.get(answer.reason, "Not in these articles.")
