"""Evidence: the sentences that go before the chat model, chosen across passages under a token budget."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.scoring import ScoredPassage
from index.search import Evidence

__all__ = ["MAX_EVIDENCE", "choose_evidence"]

MAX_EVIDENCE = 40
"""Most sentences in one reply; the answer's schema has that many ids."""


@dataclass(frozen=True)
class _Choice:
    passage: ScoredPassage
    i: int

    @property
    def score(self) -> float:
        return self.passage.sentence_scores[self.i]

    @property
    def span(self) -> tuple[int, int, int]:
        return self.passage.candidate.spans[self.i]


def choose_evidence(passages: Sequence[ScoredPassage], budget_tokens: int) -> tuple[Evidence, ...]:
    """Return the best sentences of `passages` within `budget_tokens` encoder tokens, always at least one.

    Articles stand in the order of their best sentence, the sentences of an article in reading order.
    """
    ranked = sorted(
        (_Choice(passage, i) for passage in passages for i in range(len(passage.sentence_scores))),
        key=lambda choice: -choice.score,
    )
    chosen: list[_Choice] = []
    left = budget_tokens
    for choice in ranked:
        tokens = choice.span[2]
        if len(chosen) < MAX_EVIDENCE and (tokens <= left or not chosen):
            chosen.append(choice)
            left -= tokens
    order: dict[str, int] = {}
    for choice in chosen:
        order.setdefault(choice.passage.candidate.article.id, len(order))
    chosen.sort(key=lambda choice: (order[choice.passage.candidate.article.id], choice.span[0]))
    return tuple(
        Evidence(number, choice.passage.candidate.article, choice.span[0], choice.span[1], choice.score)
        for number, choice in enumerate(chosen, 1)
    )
