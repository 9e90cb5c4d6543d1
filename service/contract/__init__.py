"""The contract: bodies of requests and answers, the same for every door. Changes are additive."""

from service.contract.answers import (
    Answer,
    Citation,
    CopyOut,
    Degraded,
    Dropped,
    EvidenceOut,
    Outcome,
    PassageOut,
    Quote,
    Reason,
    SearchBody,
    Statement,
    Usage,
    Verdict,
)
from service.contract.articles import ArticleBody, ArticleList, ArticleSummary, PutBody
from service.contract.requests import ArticleIn, AskIn, FiltersIn, SearchIn, Turn
from service.contract.state import ErrorBody, HealthBody, Part, ReadyBody

__all__ = [
    "Answer",
    "ArticleBody",
    "ArticleIn",
    "ArticleList",
    "ArticleSummary",
    "AskIn",
    "Citation",
    "CopyOut",
    "Degraded",
    "Dropped",
    "ErrorBody",
    "EvidenceOut",
    "FiltersIn",
    "HealthBody",
    "Outcome",
    "Part",
    "PassageOut",
    "PutBody",
    "Quote",
    "ReadyBody",
    "Reason",
    "SearchBody",
    "SearchIn",
    "Statement",
    "Turn",
    "Usage",
    "Verdict",
]
