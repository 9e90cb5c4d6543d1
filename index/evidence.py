"""Evidence: the sentences that go before the chat model, chosen across passages under a token budget."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from index.candidates import Candidate
from index.copies import Content
from index.pronouns import leans_on_the_one_before
from index.scoring import ScoredPassage
from index.spans import Span

__all__ = ["MAX_EVIDENCE", "Chosen", "choose_evidence"]

MAX_EVIDENCE = 40
"""Most sentences in one reply; the answer's schema has that many ids."""


@dataclass(frozen=True)
class Chosen:
    """A sentence chosen from a candidate."""

    candidate: Candidate
    span: Span
    score: float

    @property
    def key(self) -> tuple[int, int]:
        """Return what tells sentences apart: version and start."""
        return self.candidate.version_key, self.span.start

    @property
    def content(self) -> Content:
        """Return what copies of the sentence have in common."""
        return self.candidate.story, self.span.digest


@dataclass(frozen=True)
class _Choice:
    """A sentence that could be chosen."""

    passage: ScoredPassage
    i: int
    score: float

    def chosen(self, i: int) -> Chosen:
        candidate = self.passage.candidate
        score = min(self.score, self.passage.sentence_scores[i])
        return Chosen(candidate, candidate.spans[i], score)


def choose_evidence(
    rankings: Sequence[Sequence[ScoredPassage]], budget_tokens: int, before: Mapping[int, Span]
) -> list[Chosen]:
    """Return the best sentences within `budget_tokens` encoder tokens, always at least one where there is any.

    `rankings` hold a question each and take turns, so that each is covered. A sentence that begins with a pronoun
    brings the one before it where both fit; `before` holds it for passages that begin so. A sentence that was
    chosen from another article of the story already is a copy and not chosen. Articles stand in the order of
    their best sentence, the sentences of an article in reading order.
    """
    chosen: dict[tuple[int, int], Chosen] = {}
    contents: dict[Content, int] = {}
    left = budget_tokens
    for choice in _in_turns(_choices(ranking) for ranking in rankings):
        if chosen and left <= 0:
            break
        own = choice.chosen(choice.i)
        if (chosen and own.span.tokens > left) or own.key in chosen or _is_copy(own, contents):
            continue
        leant_on = (item for item in _leant_on(choice, before) if item.key not in chosen)
        wanted = [*(item for item in leant_on if not _is_copy(item, contents)), own]
        for group in (wanted, [own]):
            tokens = sum(item.span.tokens for item in group)
            if len(chosen) + len(group) <= MAX_EVIDENCE and (tokens <= left or (not chosen and group == [own])):
                chosen.update((item.key, item) for item in group)
                contents.update((item.content, item.candidate.version_key) for item in group)
                left -= tokens
                break
    return _in_reading_order(chosen.values())


def _is_copy(item: Chosen, contents: Mapping[Content, int]) -> bool:
    """Tell whether the same sentence was chosen from another article of the story."""
    return contents.get(item.content, item.candidate.version_key) != item.candidate.version_key


def _choices(ranking: Iterable[ScoredPassage]) -> list[_Choice]:
    choices = [_Choice(passage, i, score) for passage in ranking for i, score in enumerate(passage.sentence_scores)]
    return sorted(choices, key=lambda choice: -choice.score)


def _in_turns(rankings: Iterable[Sequence[_Choice]]) -> Iterator[_Choice]:
    return (choice for choice in chain.from_iterable(zip_longest(*rankings)) if choice is not None)


def _leant_on(choice: _Choice, before: Mapping[int, Span]) -> list[Chosen]:
    """Return the sentence that a leading pronoun leans on, or nothing."""
    candidate = choice.passage.candidate
    if not leans_on_the_one_before(candidate.words[choice.i], candidate.language):
        return []
    if choice.i:
        return [choice.chosen(choice.i - 1)]
    if candidate.key not in before:
        return []
    return [Chosen(candidate, before[candidate.key], min(choice.score, *choice.passage.sentence_scores))]


def _in_reading_order(chosen: Iterable[Chosen]) -> list[Chosen]:
    best: dict[int, float] = {}
    for item in chosen:
        best[item.candidate.version_key] = max(item.score, best.get(item.candidate.version_key, item.score))
    order = {version: place for place, version in enumerate(sorted(best, key=lambda version: -best[version]))}
    return sorted(chosen, key=lambda item: (order[item.candidate.version_key], item.span.start))
