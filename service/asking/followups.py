"""Whether a question can only be understood with the conversation before it, and which rewrite of it to believe.

A rewrite costs a call of the chat model and may spoil a question that was whole, so words decide whether one is asked
for: a pronoun without its antecedent, a fragment, half a comparison, "the city" where none is named. "also" and "other"
do not count: of five follow-ups to tune on that only they marked, four were asked nearly alike without a conversation.
Languages other than the four below are read as English is, which finds their fragments, and scripts without spaces for
their length alone.
"""

import re
from collections.abc import Sequence
from functools import cache

from index.words import index_words, is_function_word
from service.asking.referring import ENGLISH, LANGUAGES, Language

__all__ = ["accept_rewrite", "depends_on_history", "history_lines"]

_SHORT_NAME = r" the ([^ .,#~]{3,})(?= )(?! (?:of|in|that|who|which) )"
_TOKEN = re.compile(r"[^\W_]+|[.?!,;:…？！。]")
_STOPS = frozenset(".?!;:…？！。")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_NAME = re.compile(r"(?<=[^\W_][\s,'’-])(?!I\b)(?:[A-Z]|\d)\w")
_FRAGMENT_WORDS, _VAGUE_WORDS, _UNSPACED_FRAGMENT_CHARS = 3, 2, 4
_ADDED_WORDS, _KEPT = 20, 0.6
_TURNS, _LINE_CHARS = 8, 240
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_MARKER = re.compile(r"\[\d+\]")
_ORDERS = re.compile(r"(?:please )?(?:tell|explain|describe|list|name|give|show|define|compare|summari[sz]e|find)\b")
_FIRM = re.compile(r"\b(?:who|when|where|why|wer|wann|wo|warum|qui|quand|où|pourquoi|quién|cuándo|dónde|por qué)\b")
_EMPTY = frozenset(["mean", "meaning", "happen", "happened", "take", "place", "kind", "known", "called", "used"])
# small words that turn what is asked, and so must have been said
_TURNING = re.compile(
    "t|not?|before|after|more|less|most|least|only|all|over|under|nicht|kein.*|ohne|vor|nach|nur|pas|non|sans|plus|sin"
)
_CLAUSE_WORDS = 3  # subject, verb and one more that an object may stand for: it never stands for the subject


def depends_on_history(question: str, turns: Sequence[str]) -> bool:
    """Tell whether the question likely needs the earlier messages, oldest first, to be understood."""
    if not turns:
        return False
    if _UNSPACED.search(question):
        return len(re.findall(r"\w", question)) <= _UNSPACED_FRAGMENT_CHARS
    folded = _fold(question)
    language = _language(folded)
    return (
        _is_fragment(question, folded, language)
        or _points_back(question, folded, language)
        or any(_is_shortened(name, folded, turns[-_TURNS:]) for name in set(re.findall(_SHORT_NAME, folded)))
    )


def accept_rewrite(rewrite: str, question: str, turns: Sequence[str]) -> bool:
    """Tell whether a rewrite still asks the question, and says nothing that neither it nor the earlier messages say.

    Of these, the last eight count. It may be 20 words longer and leave out two words of the question in five, but none
    of its numbers, nor "who", "when", "where" or "why".
    """
    if rewrite == question:
        return True
    everything, language = " ".join((question, *turns[-_TURNS:])), _language(_fold(question))
    asked, written, said = (_meaning(text, language) for text in (question, rewrite, everything))
    numbers, kept, known = (set(_NUMBER.findall(text)) for text in (question, rewrite, everything))
    firm, still_firm = (set(_FIRM.findall(text.casefold())) for text in (question, rewrite))
    return (
        _asks(rewrite, question, language)
        and written <= said
        and len(asked & written) >= _KEPT * len(asked)
        and numbers <= kept <= known
        and firm <= still_firm
    )


def history_lines(turns_with_roles: Sequence[tuple[str, str]], *, max_chars: int) -> list[str]:
    """Return the last eight messages, oldest first, each as a line `role: text` without citation markers.

    Long ones are shortened, and the oldest left out where all together would be longer than `max_chars`.
    """
    lines: list[str] = []
    for role, text in reversed(turns_with_roles[-_TURNS:]):
        line = f"{role}: {' '.join(_MARKER.sub(' ', text).split())}"
        room = min(max_chars - sum(map(len, lines)), _LINE_CHARS)
        if room <= len(f"{role}: …"):
            break
        lines.insert(0, line if len(line) <= room else line[: room - 1].rstrip() + "…")
    return lines


def _fold(text: str) -> str:
    words = ["#"]
    for token in _TOKEN.findall(text):
        word = "." if token in _STOPS else token.casefold()
        while word == "." and words[-1] in {".", ","}:
            words.pop()
        words.append(word)
    return f" {' '.join(words)} . " if words[-1] != "." else f" {' '.join(words)} "


def _language(folded: str) -> Language:
    """Return the language that has most of the words; English, where two have as many."""
    words = folded.split()
    return max(LANGUAGES, key=lambda language: sum(bool(_light(language).fullmatch(word)) for word in words))


@cache
def _light(language: Language) -> re.Pattern[str]:
    """Return what matches a word that carries no meaning of its own."""
    asking = language.asking.replace(" ", "|")
    return re.compile(f"[#.,~]|{asking}|{language.helping}|{language.light}|{language.pronouns}")


@cache
def _expression(*parts: str) -> re.Pattern[str]:
    return re.compile(f"(?<= )(?:{'|'.join(parts)})(?= )")


def _content(folded: str, language: Language) -> list[str]:
    return [word for word in folded.split() if not _light(language).fullmatch(word)]


def _is_fragment(question: str, folded: str, language: Language) -> bool:
    """Tell whether too little is said: a few words that ask nothing, or a question of a word or two."""
    content = len(_content(folded, language))
    asks = any(found not in {"s", "d"} for found in _expression(language.asking, language.helping).findall(folded))
    asks = asks or bool(_ORDERS.match(folded, len(" # ")))
    if not asks:
        return content <= _FRAGMENT_WORDS
    if content == 1:
        return not _expression(language.defining).search(folded)
    vague = content <= _VAGUE_WORDS and not _NAME.search(question) and _expression(language.vague).search(folded)
    return content == 0 or bool(vague)


def _points_back(question: str, folded: str, language: Language) -> bool:
    """Tell whether a word stands for something that the words before it do not name."""
    told = _expression(language.idle).sub("~", folded)
    if _expression(language.refers).search(told):
        return True
    unnamed = 1 if _NAME.search(question) else _CLAUSE_WORDS
    needs = ((language.pronouns, 1), (language.objects, _CLAUSE_WORDS), (language.unnamed, unnamed))
    for words, need in needs:
        found = _expression(words).search(told)  # later ones have more before them
        if found and _named(told[: found.start()], language) < need:
            return not re.search(rf"(?i:{found[0]}) [A-Z]", question)
    return False


def _named(before: str, language: Language) -> int:
    """Return how many words could name something, apart from what opens the question: "which film did" names none."""
    more = rf"(?: (?!(?:{language.light}|{language.pronouns}) )[^ .,~]+)"
    opening = (f"(?:{language.asking}){more}{{0,3}}? (?:{language.helping})", f"(?:{language.asking}){more}?")
    return len(_content(_expression(*opening).sub("~", before), language))


def _is_shortened(name: str, folded: str, turns: Sequence[str]) -> bool:
    """Tell whether an earlier message has a longer name that the question gives a word of: "the Wall"."""
    word = f"(?i:{re.escape(name)})"
    longer = re.compile(rf"\b([A-Z]\w+) {word}\b|\b{word} (?:of|in) (?:the )?([A-Z]\w+)")
    others = [(found[1] or found[2]).casefold() for turn in turns for found in longer.finditer(turn)]
    return any(not _light(ENGLISH).fullmatch(other) and f" {other} " not in folded for other in others)


def _asks(text: str, question: str, language: Language) -> bool:
    """Tell whether a text asks, in one line of no undue length."""
    if "\n" in text or len(text.split()) > len(question.split()) + _ADDED_WORDS:
        return False
    if "?" in text:
        return text.endswith("?") and text.count("?") <= max(1, question.count("?"))
    folded = _fold(text).removeprefix(" #")
    return bool(_expression(language.asking, language.helping).match(folded, 1) or _ORDERS.match(folded, 1))


def _meaning(text: str, language: Language) -> set[str]:
    """Return the stems of the words that carry a meaning."""
    words = [word for word in _fold(text).split() if not _is_small(word, language)]
    return set(index_words(" ".join(words), language.code))


def _is_small(word: str, language: Language) -> bool:
    small = word in _EMPTY or is_function_word(word) or _light(language).fullmatch(word)
    return bool(small) and not _TURNING.fullmatch(word)
