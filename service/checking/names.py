"""Names of a text, by their capitals, and whether they stand in another text.

A capital at the beginning of a sentence proves nothing, so a single word there is a name only with more capitals or
with digits in it. What dates and numbers take up is no name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.checking.calendar_dates import dates, without_dates
from service.checking.name_ground import NameGround
from service.checking.name_words import TOKEN, is_particle, is_small, parts
from service.checking.numbers import numbers

__all__ = ["Name", "names", "stands_in"]

_LINKS = frozenset([
    "of", "de", "la", "le", "el", "al", "der", "den", "van", "von", "zu", "di", "da", "do", "dos", "das", "du", "del",
    "della", "bin", "ibn", "bint", "ter", "ten",
])  # fmt: skip
_MAX_LINKS = 2
_ABBREVIATIONS = frozenset([
    "mr", "mrs", "ms", "dr", "prof", "gen", "lt", "col", "maj", "capt", "sgt", "sen", "gov", "rep", "pres", "hon",
    "rev", "st", "mt", "ft", "jr", "sr", "no", "vs", "cllr", "supt", "insp", "cmdr", "adm", "amb",
])  # fmt: skip
_WEEKDAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
_OPENING_WORDS = (
    "about according additionally afterwards again ago almost alone already also altogether anyone apart asked "
    "based besides called citing consequently currently earlier early eventually everyone everything few finally first "
    "following former formerly fourth further furthermore given hence however including indeed initially instead just "
    "last late later lately least leading led less many may meanwhile more moreover most mostly much named nearly "
    "nevertheless new next nobody none nonetheless nothing notably now often once one only originally others otherwise "
    "overall perhaps please possibly presumably previously probably rather recently regarding reportedly roughly "
    "second secondly several similarly simply sometimes soon speaking still subsequently surely then thereafter "
    "therefore third thus today together tomorrow tonight ultimately usually well will yes yesterday"
)
_OPENERS = frozenset(_OPENING_WORDS.split())
_SENTENCE_END = re.compile(r"[.!?…:;•]|\n\s*\n|[\"“„«‘(\[]$")
_BROKEN_LINE = re.compile(r"\n\s*\n")
_CONTRACTION = re.compile(r"['’][a-z]{1,2}$")
_POSSESSIVE = re.compile(r"['’][sS]$")
_MOST_SPACES = 3


@dataclass(frozen=True)
class Name:
    """A name: its surface, without a possessive s, and its span."""

    text: str
    start: int
    end: int


def names(text: str, language: str | None = None) -> tuple[Name, ...]:
    """Return the names of `text` in reading order.

    There are none in German, where all nouns have capitals, nor where most letters are of a script without case.
    """
    if (language or "").split("-")[0] == "de" or not _is_cased(text):
        return ()
    found = (_name(tokens, opens=opens) for tokens, opens in _runs(text, _taken(text, language)))
    return tuple(name for name in found if name)


def stands_in(name: str, text: str) -> bool:
    """Tell whether each telling word of `name` stands in `text` as a whole word, in any order.

    Case, accents, plural and possessive s, points of initials and hyphens do not matter, nor whether a nation or its
    adjective is written; an acronym stands for its words and they for it.
    """
    return NameGround.of((text,)).holds(name)


def _is_cased(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(letter.lower() != letter.upper() for letter in letters) >= len(letters)


def _taken(text: str, language: str | None) -> bytearray:
    """Mark the characters of dates and numbers."""
    taken = bytearray(len(text))
    days = dates(text, language)
    counts = numbers(without_dates(text, days), language)
    spans = [(day.start, day.end) for day in days] + [(count.start, count.end) for count in counts if count.firm]
    for start, end in spans:
        taken[start:end] = b"\1" * (end - start)
    return taken


def _runs(text: str, taken: bytearray) -> Iterator[tuple[list[re.Match[str]], bool]]:
    """Yield the longest rows of capitalised tokens and links, and whether they open a sentence."""
    run: list[re.Match[str]] = []
    links: list[re.Match[str]] = []
    opens, before, end = False, "", 0
    for token in TOKEN.finditer(text):
        gap = text[end : token.start()]
        joined = bool(run) and _joins(before, gap)
        if joined and len(links) < _MAX_LINKS and _is_link(token[0], before):
            links.append(token)
        else:
            capitalised = _is_capitalised(token, text, taken)
            if run and not (joined and capitalised):
                yield run, opens
                run, links = [], []
            if capitalised:
                opens = opens if run else _opens(before, gap)
                run += [*links, token]
                links = []
        before, end = token[0], token.end()
    if run:
        yield run, opens


def _is_capitalised(token: re.Match[str], text: str, taken: bytearray) -> bool:
    word = token[0]
    if word[0].isdigit() or not any(character.isupper() for character in word):
        return False
    if any(taken[token.start() : token.end()]):
        return False
    if text[token.end() : token.end() + 1] == "$" or text[max(0, token.start() - 1) : token.start()] == "°":
        return False
    return parts(word)[0].casefold().removesuffix("s") not in _WEEKDAYS


def _is_link(word: str, before: str) -> bool:
    return word in _LINKS or (word == "the" and before == "of")


def _is_abbreviation(word: str) -> bool:
    return (len(word) == 1 and word.isalpha()) or word.casefold() in _ABBREVIATIONS or word.endswith(".")


def _joins(before: str, gap: str) -> bool:
    """Tell whether a token goes on with the name of the one before."""
    if gap.strip() == "&":
        return True
    if gap.startswith(".") and _is_abbreviation(before):
        gap = gap[1:] or " "
    return gap.isspace() and len(gap) <= _MOST_SPACES and not _BROKEN_LINE.search(gap)


def _opens(before: str, gap: str) -> bool:
    """Tell whether a token begins a sentence, a quotation or an item."""
    if gap.startswith(".") and _is_abbreviation(before):
        gap = gap[1:]
    return not before or _SENTENCE_END.search(gap) is not None


def _name(tokens: Sequence[re.Match[str]], *, opens: bool) -> Name | None:
    """Cut small words and what only opens a sentence off a row of tokens; None if no name is left."""
    first, last = 0, len(tokens)
    while first < last and _is_cut(tokens[first][0], opens=opens):
        first += 1
    if opens and not first and [token[0] for token in tokens[1:2]] == ["of"]:  # "Troops of the Third Army"
        first = 2 if tokens[2][0] != "the" else 3
    while first < last and _is_cut(tokens[last - 1][0], opens=False):
        last -= 1
    kept = tokens[first:last]
    if not kept or (opens and not first and last == 1 and not _is_clear(kept[0][0])):
        return None
    text = _POSSESSIVE.sub("", kept[0].string[kept[0].start() : kept[-1].end()])
    return Name(text, kept[0].start(), kept[0].start() + len(text))


def _is_cut(word: str, *, opens: bool) -> bool:
    """Tell whether a word does not belong to a name that it begins or ends: "The", "I'm", "Meanwhile"."""
    if opens and (word.casefold() in _OPENERS or is_particle(word)):
        return True
    return is_small(_CONTRACTION.sub("", word)) and not is_particle(word)


def _is_clear(word: str) -> bool:
    """Tell whether one word is a name even where any word has a capital: NATO, F-16, iPhone, Franco-German."""
    capitals = sum(character.isupper() for character in word)
    return capitals > 1 or word[0].islower() or any(character.isdigit() for character in word)
