"""Words as names are compared by them: without case, accents, plural or possessive s; "Gen." and "General" are one.

A token is taken apart before it is folded, so that a part of a text falls into the same words as it does in the whole.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise

__all__ = [
    "TOKEN",
    "expansions",
    "is_acronym",
    "is_idle",
    "is_particle",
    "is_small",
    "is_telling",
    "key",
    "needs_capitals",
    "parts",
    "with_digits",
]

_CHARACTER = r"(?:[^\W_]|[\u0300-\u036f])"
_LETTER = r"[^\W\d_]"
TOKEN = re.compile(
    rf"{_LETTER}(?:\.{_LETTER}(?!{_CHARACTER}))+\.?|{_CHARACTER}+(?:['’‐‑-]{_CHARACTER}+)*",
)
"""A word, hyphens and apostrophes included, or initials with points."""

_INNER = re.compile(r"['’‐‑-]")
_POSSESSIVE = re.compile(r"['’][sS]$")
_PLURAL = re.compile(r"(?<=..)ies$|(?<=..[^s])s$")
_SHORTEST_ACRONYM = 2
_LONGEST_ACRONYM = 6

_SMALL_WORDS = (
    "a an the this that these those of in on at by for from to with without within into onto over under after before "
    "between among amid against about above below across along around behind beside beyond during despite except "
    "inside near off out outside since through throughout till until up upon via versus vs per as than like unlike "
    "and or but nor so yet if then else when while where whereas because although though unless once whether "
    "i me my we us our you your he him his she her it its they them their who whom whose which what why how "
    "is am are was were be been being has have had do does did would shall should can could might must not no "
    "there here all any both each every either neither some such other another ex non pro anti pre post mid"
)
_PARTICLE_WORDS = (
    "de la le el al der den van von zu di da do dos das du del della bin ibn bint ter ten "
    "les des aux au et en un une sur dans avec los las una con por para il gli uno nel nella um uma os em com "
    "het een met op voor"
)
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_SMALL = _PARTICLES.union(_SMALL_WORDS.split())
# forms of address and of companies, currencies, "Number One": they tell nothing that a source must say
_IDLE = frozenset([
    "mr", "mrs", "ms", "miss", "mx", "dr", "sir", "inc", "ltd", "plc", "llc", "corp", "co", "gmbh", "number", "one",
    "rs", "usd", "eur", "gbp", "pkr", "inr", "chf",
])  # fmt: skip
_ACRONYMS_TOO = frozenset(["us", "it", "who"])
_ARTICLES = frozenset(["a", "an", "the"])

_SAME = (
    "gen=general lt=lieutenant col=colonel maj=major capt=captain cpt=captain sgt=sergeant prof=professor "
    "sen=senator gov=governor rep=representative pres=president jr=junior sr=senior st=saint dept=department "
    "univ=university mt=mount ft=fort cllr=councillor supt=superintendent insp=inspector cmdr=commander adm=admiral "
    "amb=ambassador "
    "pakistani=pakistan indian=india chinese=china american=america british=britain russian=russia french=france "
    "german=germany italian=italy spanish=spain portuguese=portugal dutch=netherland swiss=switzerland japanese=japan "
    "korean=korea vietnamese=vietnam thai=thailand turkish=turkey turkiye=turkey iranian=iran iraqi=iraq "
    "israeli=israel palestinian=palestine syrian=syria egyptian=egypt afghan=afghanistan ukrainian=ukraine "
    "polish=poland swedish=sweden norwegian=norway danish=denmark finnish=finland greek=greece irish=ireland "
    "scottish=scotland welsh=wale canadian=canada mexican=mexico brazilian=brazil argentine=argentina "
    "australian=australia austrian=austria belgian=belgium hungarian=hungary romanian=romania indonesian=indonesia "
    "malaysian=malaysia nigerian=nigeria kenyan=kenya ethiopian=ethiopia bangladeshi=bangladesh nepali=nepal "
    "nepalese=nepal lankan=lanka libyan=libya tunisian=tunisia algerian=algeria moroccan=morocco sudanese=sudan "
    "somali=somalia yemeni=yemen lebanese=lebanon jordanian=jordan qatari=qatar kuwaiti=kuwait cuban=cuba "
    "venezuelan=venezuela colombian=colombia chilean=chile peruvian=peru bolivian=bolivia serbian=serbia "
    "croatian=croatia bulgarian=bulgaria singaporean=singapore taiwanese=taiwan cambodian=cambodia filipino=philippine "
    "european=europe african=africa asian=asia"
)
_KEYS = dict(pair.split("=") for pair in _SAME.split())
_COUNTRIES = {"US": "america", "USA": "america", "UK": "britain"}  # "us" in small letters is none
_PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"})


def parts(token: str) -> list[str]:
    """Return the words of a token: Franco and German, O and Brien, US of "U.S.", and no possessive s."""
    if "." in token:
        return [unicodedata.normalize("NFKC", token.replace(".", ""))]
    return [unicodedata.normalize("NFKC", part) for part in _INNER.split(_POSSESSIVE.sub("", token))]


def with_digits(words: Sequence[str]) -> list[str]:
    """Return `words` with digits joined to the word before them, as F-16 is written F16, too."""
    joined: list[str] = []
    for word in words:
        if joined and word[:1].isdigit():
            joined[-1] += word
        else:
            joined.append(word)
    return joined


def key(word: str) -> str:
    """Return what two spellings of a word have in common; "Russian", "Russians" and "Russia" share theirs."""
    if word in _COUNTRIES:
        return _COUNTRIES[word]
    folded = word.casefold()
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded.translate(_PLAIN_LETTERS))
        folded = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    singular = _PLURAL.sub(lambda plural: "y" if plural[0] == "ies" else "", folded)
    return _KEYS.get(singular, singular)


def is_small(word: str) -> bool:
    """Tell whether a word is an article, a preposition, a pronoun or the like; "US" and "WHO" are not."""
    folded = word.casefold()
    return folded in _SMALL and not (word.isupper() and folded in _ACRONYMS_TOO)


def is_particle(word: str) -> bool:
    """Tell whether a small word may begin a name: Al Jazeera, Los Angeles."""
    return word.casefold() in _PARTICLES


def is_idle(word: str) -> bool:
    """Tell whether a word of a name says nothing that a source must say: a small word, "Mr", "Ltd"."""
    return is_small(word) or word.casefold() in _IDLE


def is_telling(word: str) -> bool:
    """Tell whether a word of a name has to stand in a source: not idle, no initial, and not in small letters."""
    if len(word) < _SHORTEST_ACRONYM or is_idle(word):
        return False
    return any(character.isupper() or character.isdigit() for character in word)


def is_acronym(word: str) -> bool:
    """Tell whether a word is two to six capitals."""
    return word.isupper() and word.isalpha() and len(word) in range(_SHORTEST_ACRONYM, _LONGEST_ACRONYM + 1)


def needs_capitals(word: str) -> bool:
    """Tell whether an acronym is too short, or too much like a word, to be looked for in any case."""
    return word not in _COUNTRIES and (len(word) == _SHORTEST_ACRONYM or word.casefold() in _SMALL)


def expansions(words: Sequence[str]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield every acronym that neighbouring words may have, with their positions: COAS for Chief of Army Staff.

    Small words may count or not; two letters are an acronym only of two capitalised words.
    """
    everything = tuple(range(len(words)))
    content = tuple(at for at in everything if not is_small(words[at]))
    no_article = tuple(at for at in everything if words[at].casefold() not in _ARTICLES)
    for places in {content, no_article, everything}:
        initials = "".join(words[at][0].upper()[0] for at in places)
        for size in range(_SHORTEST_ACRONYM + 1, _LONGEST_ACRONYM + 1):
            for at in range(len(places) - size + 1):
                yield initials[at : at + size], places[at : at + size]
    for pair in pairwise(content):
        if all(words[at][0].isupper() for at in pair):
            yield "".join(words[at][0] for at in pair), pair
