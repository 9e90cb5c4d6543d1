"""What a report says of a metric: a name for people, what it means, and which way is better."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["DESCRIPTIONS", "Description", "Descriptions", "describe"]


@dataclass(frozen=True)
class Description:
    """A metric for people. `unit` is empty for shares; `key` tells whether a summary shows it."""

    label: str
    meaning: str = ""
    higher_is_better: bool | None = True
    """None where it is not known, so that neither direction is shown as good."""
    unit: str = ""
    key: bool = False


Descriptions = Mapping[str, Description]
"""Descriptions by the metric's name, in the order in which they are shown."""

DESCRIPTIONS: Descriptions = MappingProxyType(
    {
        "right": Description("Right answers", "a gold string stands in an answer short enough for it", key=True),
        "outcome": Description("Outcome as expected", "answered, partial or refused, as the set has it", key=True),
        "refused": Description("Refused where it should", "what the articles do not say was refused", key=True),
        "false_refusal": Description("Refused wrongly", "what the articles say was refused", higher_is_better=False),
        "error": Description("Errors", "nothing was decided, or no answer came", higher_is_better=False),
        "all_of": Description("All parts named", "the answer names one string of every group, at any length"),
        "em": Description("Exact match", "the answer is a gold string, word for word"),
        "f1": Description("Token F1", "with the gold string that fits best"),
        "conflict_shown": Description("Conflict shown", "a disagreement between articles is shown", key=True),
        "citation_recall": Description("Citation recall", "share of the facts needed whose proof is cited", key=True),
        "citation_precision": Description("Citation precision", "share of citations that are a known proof", key=True),
        "cites_forbidden": Description("Cites what it must not", higher_is_better=False),
        "says_forbidden": Description("Says what it must not", higher_is_better=False),
        "quote_valid": Description("Quotes word for word", "share of citations that are the article's own words"),
        "alce_recall": Description("ALCE citation recall", "share of statements that their citations support"),
        "alce_precision": Description("ALCE citation precision", "share of citations that support alone"),
        "recall@5": Description("Recall@5", "share of the facts needed in the first 5 passages"),
        "all_evidence_recall@10": Description(
            "All evidence recall@10", "all facts needed are in the first 10 passages"
        ),
        "mrr": Description("MRR", "reciprocal rank of the first passage with a proof"),
        "ndcg@10": Description("nDCG@10", "of passages that bring a fact"),
        "hit@200_tokens": Description("Proof in 200 tokens", "of evidence"),
        "hit@400_tokens": Description("Proof in 400 tokens", "of evidence"),
        "seconds": Description("Seconds", "how long an answer took", higher_is_better=False, unit="s", key=True),
        "prompt_tokens": Description("Prompt tokens", higher_is_better=False, unit="tokens"),
        "completion_tokens": Description("Completion tokens", higher_is_better=False, unit="tokens"),
    }
)
"""What is said of the metrics that are known; others are shown by their name."""


def describe(metric: str, descriptions: Descriptions = DESCRIPTIONS) -> Description:
    """Return what is known of a metric; of an unknown one its name."""
    return descriptions.get(metric) or Description(metric, higher_is_better=None)
