"""The table of what a case is scored by: what each name means, and which way is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["ERROR", "METRICS", "Metric"]

ERROR = "error"
"""Whether a case has no decided answer: the one figure that counts such cases."""


@dataclass(frozen=True)
class Metric:
    """One score of a case."""

    name: str
    meaning: str
    higher_is_better: bool = True
    is_rate: bool = True
    """Whether a case has 1 or 0, so that the mean is a rate of yes; else a case may have anything between."""
    unit: str = ""
    """The unit; empty for shares, which lie from 0 to 1."""


_ALL = (
    Metric("outcome", "the outcome is the expected one"),
    Metric("refused", "what the articles do not say was refused"),
    Metric("false_refusal", "what the articles say was refused", higher_is_better=False),
    Metric(ERROR, "nothing was decided, or no answer came", higher_is_better=False),
    Metric("right", "a gold string stands in an answer short enough for it"),
    Metric("all_of", "the answer names one string of every group, at any length"),
    Metric("em", "exact match with a gold string"),
    Metric("f1", "token F1 with the gold string that fits best", is_rate=False),
    Metric("conflict_shown", "a disagreement between articles is shown"),
    Metric("citation_recall", "share of the facts needed whose proof is cited", is_rate=False),
    Metric("citation_precision", "share of citations that are a known proof", is_rate=False),
    Metric("cites_forbidden", "a place that must not be cited is cited", higher_is_better=False),
    Metric("says_forbidden", "the answer says what it must not", higher_is_better=False),
    Metric("quote_valid", "share of citations that are the article's own words", is_rate=False),
    Metric("alce_recall", "share of statements that their citations support, by the own verifier", is_rate=False),
    Metric("alce_precision", "share of citations that support alone, by the own verifier", is_rate=False),
    Metric("recall@5", "share of the facts needed in the first 5 passages", is_rate=False),
    Metric("all_evidence_recall@10", "all facts needed are in the first 10 passages"),
    Metric("mrr", "reciprocal rank of the first passage with a proof, of 10", is_rate=False),
    Metric("ndcg@10", "nDCG of passages that bring a fact, of 10", is_rate=False),
    Metric("hit@200_tokens", "a proof is in the first 200 words and marks of evidence"),
    Metric("hit@400_tokens", "a proof is in the first 400 words and marks of evidence"),
    Metric("seconds", "how long the answer took", higher_is_better=False, is_rate=False, unit="s"),
    Metric("prompt_tokens", "tokens that models read", higher_is_better=False, is_rate=False, unit="tokens"),
    Metric("completion_tokens", "tokens that models wrote", higher_is_better=False, is_rate=False, unit="tokens"),
)

METRICS: Mapping[str, Metric] = MappingProxyType({metric.name: metric for metric in _ALL})
"""All scores by name, in the order in which they are shown."""
