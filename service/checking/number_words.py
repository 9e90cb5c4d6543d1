"""Numbers in words: "twenty-five", "one million two hundred thousand", "a dozen"; and the scales that follow digits.

English is composed to 999 trillion; of German, Spanish, French, Italian, Dutch and Portuguese two to twelve are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

__all__ = ["Spelled", "begins_number", "centuries", "scale_of", "spell"]


def _numbered(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * number for number, word in enumerate(words.split())}


_TENS = _numbered("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_CARDINALS = _TENS | _numbered(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen",
    1,
)
_ORDINALS = {word.removesuffix("y") + "ieth": number for word, number in _TENS.items()} | _numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth",
    1,
)
_DECADES = {word.removesuffix("y") + "ies": number for word, number in _TENS.items()}
# adverbs, pronouns and units of time among them: "1 person" may stand on "one person", but none needs a ground itself
_LOOSE = {
    word: number
    for number, words in (
        (1, "one once single first"),
        (2, "both second twice pair couple double duo"),
        (3, "third thrice triple trio"),
    )
    for word in words.split()
}
_HOMOGRAPHS = frozenset(["neuf", "sei"])  # new, and be
_BY_LANGUAGE = {
    "de": _numbered("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf", 2),
    "es": _numbered("dos tres cuatro cinco seis siete ocho nueve diez once doce", 2),
    "fr": _numbered("deux trois quatre cinq six sept huit neuf dix onze douze", 2),
    "it": _numbered("due tre quattro cinque sei sette otto nove dieci undici dodici", 2),
    "nl": _numbered("twee drie vier vijf zes zeven acht negen tien elf twaalf", 2),
    "pt": _numbered("dois três quatro cinco seis sete oito nove dez onze doze", 2),
}
_HUNDRED = 100
_SCALES = {
    word: scale
    for scale, words in (
        (12, "dozen"),
        (_HUNDRED, "hundred"),
        (10**3, "thousand k tausend mille mil mila duizend"),
        (10**5, "lakh lakhs"),
        (10**6, "million millions m mn mln mio millionen millón millones milione milioni milhão milhões miljoen"),
        (10**7, "crore crores"),
        (10**9, "billion billions b bn mrd milliard milliards milliarde milliarden miliardo miliardi miljard"),
        (10**12, "trillion trillions tn trn billionen billones"),
    )
    for word in words.split()
}
_EASTERN_SCALES = {"万": 10**4, "萬": 10**4, "만": 10**4, "億": 10**8, "亿": 10**8, "억": 10**8}
_SPELLED_SCALES = frozenset(["dozen", "thousand", "lakh", "million", "crore", "billion", "trillion"])
_SURE_ORDINAL = 4
_ARTICLES = frozenset(["a", "an"])
_BEGINNINGS = _CARDINALS.keys() | _ORDINALS.keys() | _DECADES.keys() | _LOOSE.keys() | _ARTICLES | {"half", "zero"}


@dataclass(frozen=True)
class Spelled:
    """A number in words: its value, how many words it takes, its unit ("", "ordinal" or "decade"), other values.

    `firm` is False where the words are as likely something else, or mean a number only loosely.
    """

    value: Decimal
    words: int
    unit: str = ""
    others: tuple[Decimal, ...] = ()
    firm: bool = True


def begins_number(word: str, language: str) -> bool:
    """Tell whether a number may begin with `word`, which is case-folded."""
    return word in _BEGINNINGS or word in _BY_LANGUAGE.get(language, {})


def scale_of(word: str) -> int | None:
    """Return what a case-folded word after a number multiplies it by: "million", "bn", "dozen", "万"."""
    return _SCALES.get(word) or _EASTERN_SCALES.get(word[:1])


def spell(words: Sequence[str], language: str) -> Spelled | None:
    """Read the number that `words` (case-folded, without spaces and hyphens) begin with; None if there is none."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in _BY_LANGUAGE.get(language, {}):
        return Spelled(Decimal(_BY_LANGUAGE[language][first]), 1, firm=first not in _HOMOGRAPHS)
    if first in _DECADES:
        return Spelled(Decimal(_DECADES[first]), 1, "decade", centuries(_DECADES[first]))
    if first == "half":
        return _half(words)
    if first in _ARTICLES:
        return _compose(["one", *words[1:]]) if second == "hundred" or second in _SPELLED_SCALES else None
    if first == "zero":
        return Spelled(Decimal(0), 1)
    return _with_half(_compose(words), words)


def centuries(decade: int) -> tuple[Decimal, ...]:
    """Return the years that "the twenties" or "the 90s" may mean."""
    return (Decimal(1900 + decade), Decimal(2000 + decade))


def _half(words: Sequence[str]) -> Spelled | None:
    """Read "half a million"."""
    at = 2 if words[1:2] and words[1] in _ARTICLES else 1
    if len(words) > at and words[at] in _SPELLED_SCALES:
        return Spelled(Decimal(_SCALES[words[at]] // 2), at + 1)
    return None


def _with_half(found: Spelled | None, words: Sequence[str]) -> Spelled | None:
    """Go on with "and a half", and with the scale after it."""
    if not found or list(words[found.words : found.words + 3]) != ["and", "a", "half"]:
        return found
    after = found.words + 3
    scaled = len(words) > after and words[after] in _SPELLED_SCALES
    scale = _SCALES[words[after]] if scaled else 1
    return Spelled((found.value + Decimal("0.5")) * scale, after + scaled)


def _compose(words: Sequence[str]) -> Spelled | None:
    total, group, last, taken = 0, 0, 0, 0
    before_and: Spelled | None = None
    for at, word in enumerate(words):
        if word == "and":
            if not taken or scale_of(words[at - 1]) is None:
                break
            before_and = Spelled(Decimal(total + group), at)
            continue
        if word in _ORDINALS and (taken or _ORDINALS[word] >= _SURE_ORDINAL) and _fits(group, _ORDINALS[word]):
            others = (Decimal(total + group),) if word == "second" else ()
            return Spelled(Decimal(total + group + _ORDINALS[word]), at + 1, "ordinal", others)
        step = _step(total, group, last, word)
        if step is None:
            if before_and and word in _SCALES:  # "one hundred and two hundred" are two numbers
                return before_and
            break
        total, group, last = step
        taken = at + 1
    if taken > 1 or (taken and words[0] not in _LOOSE):
        return Spelled(Decimal(total + group), taken)
    return Spelled(Decimal(_LOOSE[words[0]]), 1, firm=False) if words[0] in _LOOSE else None


def _step(total: int, group: int, last: int, word: str) -> tuple[int, int, int] | None:
    """Add one word to what was read: the whole thousands, the group below them, the last scale."""
    if word in _CARDINALS and _fits(group, _CARDINALS[word]):
        return total, group + _CARDINALS[word], last
    if word == "hundred" and 0 < group < _HUNDRED:
        return total, group * _HUNDRED, last
    if word in _SPELLED_SCALES:
        scale = _SCALES[word]
        if group and (not last or scale < last):
            return total + group * scale, 0, scale
        if total and not group and scale > last:
            return total * scale, 0, scale
    return None


def _fits(group: int, number: int) -> bool:
    """Tell whether `number` may follow `group`: five after twenty or a hundred, nothing after five."""
    slot = group % _HUNDRED
    return slot == 0 or (slot in _TENS.values() and number in range(1, 10))
