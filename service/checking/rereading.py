"""Comparing a statement with what the verifier read out of the same sentences, without being shown the statement."""

import re
from collections.abc import Callable, Sequence

from service.chat.base import Reading
from service.checking.values import agrees, kind_of
from service.checking.wording import content_words

__all__ = ["agreement", "alike", "is_refusal", "likeness", "refusal"]

_Place = Sequence[tuple[str, float]]
_FEW = 2  # words of an answer
_NONE = "none"  # what the prompt asks for where the sentences do not say


def agreement(reading: Reading, text: str, question: str, language: str | None) -> float:
    """Return how likely the answer that was read is `text`, from 0 to 1, supposed that it is no refusal.

    Either the reading begins with the same tokens, or it means the same: $42 million is 42 million, and a long answer
    in other words holds those of a short one. Of what a refusal would have said otherwise only the first token is
    known, which agrees where it begins a word of `text`.
    """
    told = 1 - refusal(reading)
    if not told:
        return 0.0
    begun = max(likeness(reading, text), _begun(reading, text) if is_refusal(reading) else 0.0) / told
    meant = 0.0 if is_refusal(reading) else alike(reading.text, text, question, language)
    return min(1.0, max(begun, meant))


def alike(one: str, other: str, question: str, language: str | None) -> float:
    """Return how far two answers say the same: by their values where both have such, else by the words they share.

    Of words, less those of the question, it is the overlap with the shorter answer, so that a part agrees with a whole.
    Of one word or two all must be there: two generals share their title.
    """
    kinds = {kind_of(text, language) for text in (one, other)}
    if not kinds & {None, "name"} and (kinds == {"date"} or "date" not in kinds):
        return float(agrees(one, other, language) or agrees(other, one, language))
    asked = content_words(question, language)
    words, others = (content_words(text, language) for text in (one, other))
    words, others = words - asked or words, others - asked or others
    least = min(len(words), len(others))
    overlap = len(words & others) / least if least else 0.0
    return overlap if least > _FEW or overlap == 1 else 0.0


def likeness(reading: Reading, text: str) -> float:
    """Return how likely the reading begins as `text`: of one token after the other, until they part or one ends."""
    probability, rest, places = 1.0, text.lower().strip(), _places(reading)
    for place in places:
        said = place[0][0].strip().lower()
        probability *= _mass(place, rest.startswith)
        if not rest.startswith(said):
            break
        rest = rest[len(said) :].lstrip()
        if not rest:
            break
    return probability if places else 0.0


def is_refusal(reading: Reading) -> bool:
    """Tell whether the reading says that the sentences do not tell, or nothing."""
    return reading.text.lower().strip(" .\"'") in ("", _NONE)


def refusal(reading: Reading) -> float:
    """Return how likely the reading says that the sentences do not tell."""
    places = _places(reading)
    return _mass(places[0], _NONE.startswith) if places else float(is_refusal(reading))


def _places(reading: Reading) -> list[_Place]:
    """Return the places whose token is no blank."""
    return [place for place in reading.places if place[0][0].strip()]


def _begun(reading: Reading, text: str) -> float:
    """Return how likely the first token begins a word of `text`, and no refusal."""
    words = re.findall(r"\w+", text.lower())

    def begins(token: str) -> bool:
        return not _NONE.startswith(token) and any(word.startswith(token) for word in words)

    places = _places(reading)
    return _mass(places[0], begins) if places else 0.0


def _mass(place: _Place, wanted: Callable[[str], bool]) -> float:
    """Return how likely in its place a token is that is wanted, white space and case apart."""
    words = ((word.strip().lower(), probability) for word, probability in place)
    return min(1.0, sum(probability for word, probability in words if word and wanted(word)))
