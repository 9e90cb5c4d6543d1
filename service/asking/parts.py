"""The parts of a question that asks several things, so that each is searched for and answered by itself.

A question split wrongly is answered worse than one left whole, so it is split only where each part can be written
without guessing: after a sentence that asks, or before a clause that can do nothing but ask. "Who founded it, and
when?" stays whole, for "when" alone is no question. Pronouns stay as they are, and such a part is searched for with the
words of the first one. Sentences are told apart in any language, clauses in English alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.words import is_function_word
from service.asking.followups import depends_on_history

__all__ = ["Part", "question_parts"]

_MOST = 4
_QUOTED = re.compile(r"\"[^\"]{0,200}\"|“[^”]{0,200}”|«[^»]{0,200}»|„[^“”]{0,200}[“”]")
_STOP = re.compile(r"\?[?!]*[\"”’»)\]]*(?=\s|$)|？+")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_TAG = re.compile(
    r"(?:right|correct|true|really|no|yes|ok|okay|or not|true or false|yes or no"
    r"|(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should)n['’]t \w+)",
    re.IGNORECASE,
)
_BE = "is|are|was|were"
_DO = "do|does|did|will|would|can|could|shall|should|might|must"
_HELPING = f"(?:{_BE}|{_DO}|has|have|had|may)"
_BEFORE = "(?:(?:in|at|on|by|from|to|with|for|under|of|against) )?"
_HOW = "how (?:many|much|long|often|far|old|big|large|high|tall|fast|soon)"
_MANNER = "(?:when|where|why|how|by whom)"
_THING = f"(?:who|whom|whose|what|which|{_HOW})"
# what opens a question, perhaps after "According to the council,"
_ASKS = re.compile(
    rf"(?:[^,]{{1,80}}, )?(?:{_BEFORE}{_THING} \w|{_MANNER} {_HELPING} \w|{_HELPING} \w)",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r",? (?:and|but)(?: also)?(?: if so,?)? (?=[a-z])|, (?=(?:how|what|why|when|where) )", re.IGNORECASE
)
# what asks even after a clause that holds "who" or "that", and what there could go on with that clause
_SUBJECT = "(?:he|she|it|they|there|you|we|this|that)"
_TURNED = re.compile(
    rf"{_MANNER} {_HELPING} \w|{_BEFORE}(?:what|which|whose|{_HOW})(?: [\w'’-]+){{0,4}}? (?:do|does|did) \w"
    rf"|(?:{_DO}) (?:{_SUBJECT}|the|these|those|his|her|its|their|any|(?-i:[A-Z])\w*)\b"
    rf"|(?:{_BE}|has|have|had) {_SUBJECT}\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"{_BEFORE}{_THING}(?! (?:the|an?|{_SUBJECT}|i|his|her|its|their|to|else)\b)(?: [\w'’-]+){{0,4}}? {_HELPING} \w"
    rf"|who (?!(?:the|an?|{_SUBJECT}|i|his|her|its|their|to|else)\b)\w+ \w"
    r"|how (?:many|much) (?!of\b|in\b|by\b|for\b|on\b|at\b|from\b)[\w'’-]+ \w|(?:what|which \w+) \w+(?:ed|s) \w"
    r"|(?:what|which \w+) (?:led|made|won|lost|paid|became|fell|rose|went|came|took|gave|held|broke) ",
    re.IGNORECASE,
)
_NESTED = re.compile(r"(?<=\w )(?:who|whom|whose|what|which|when|where|why|how|whether|that)\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:between|both|either|neither)\b(?!.* and )", re.IGNORECASE)
_SEVERAL = re.compile(
    rf"((?:{_MANNER}|who|what)(?:, (?:{_MANNER}|who|what))*),? and ({_MANNER}|who|what) ({_HELPING} .+)", re.IGNORECASE
)
_AFTER = re.compile(
    rf"(?:(?P<first>{_MANNER}) )?(?P<rest>{_HELPING} .+?),? and (?:if so,? )?(?P<then>{_MANNER})", re.IGNORECASE
)


@dataclass(frozen=True)
class Part:
    """A part as it was asked, and what is searched for it."""

    text: str
    search: str


def question_parts(question: str) -> tuple[Part, ...]:
    """Return the parts of `question`, four at most, or itself alone where it asks one thing."""
    texts = list(dict.fromkeys(text for sentence in _sentences(question) for text in _clauses(sentence)))
    if len(texts) <= 1:
        return (Part(question, question),)
    texts[_MOST - 1 :] = [" ".join(texts[_MOST - 1 :])] if len(texts) >= _MOST else []
    return tuple(Part(text, _search(text, texts[:i])) for i, text in enumerate(texts))


def _search(text: str, earlier: list[str]) -> str:
    """Return a part with the words of the first one that it lacks, where it cannot be understood without."""
    if not depends_on_history(text, earlier):
        return text
    own = {word.casefold() for word in _WORD.findall(text)}
    words = dict.fromkeys(word for word in _WORD.findall(earlier[0]) if not is_function_word(word.casefold()))
    return " ".join([text, *(word for word in words if word.casefold() not in own)])


def _sentences(question: str) -> list[str]:
    """Return each sentence that asks, with what is told before it; what asks nothing by itself stays with another."""
    hidden, found, start = _hidden(question), list[str](), 0
    for stop in _STOP.finditer(hidden):
        sentence, start = question[start : stop.end()].strip(), stop.end()
        bare = sentence.rstrip(" ?!？")
        if found and re.fullmatch(_MANNER, bare, re.IGNORECASE):
            found[-1] = f"{found[-1].rstrip(' ?!？')} and {bare.lower()}?"
        elif found and (_TAG.fullmatch(bare) or not _WORD.search(bare)):
            found[-1] += f" {sentence}"
        else:
            found.append(sentence)
    rest = question[start:].strip()
    if found and rest:
        found[-1] += f" {rest}"
    return found or [question]


def _clauses(sentence: str) -> Iterator[str]:
    """Yield the questions that one sentence asks, each with its own question mark."""
    body = sentence.rstrip(" ?!？.")
    lead = re.match(r".*[.!?] ", _hidden(body))
    told = body[: lead.end()] if lead else ""
    body = body[len(told) :]
    texts = [text for clause in _split(body) for text in _written_out(clause)]
    if len(texts) == 1:
        yield sentence
        return
    for text in texts:
        yield told + (text[:1].upper() + text[1:] if body[:1].isupper() else text) + "?"
        told = ""


def _split(body: str) -> Iterator[str]:
    """Yield the clauses of a sentence."""
    hidden, start = _hidden(body), 0
    for joint in _JOINT.finditer(hidden):
        left, right = hidden[start : joint.start()], hidden[joint.end() :]
        asks = _ASKS.match(left)
        if not asks or _OPEN.search(left):
            continue
        if _TURNED.match(right) or (_PLAIN.match(right) and not _NESTED.search(left, asks.end())):
            yield body[start : joint.start()]
            start = joint.end()
    yield body[start:]


def _written_out(clause: str) -> list[str]:
    """Return "when was it, where was it" for "when and where was it", and for "when was it and where"."""
    if several := _SEVERAL.fullmatch(clause):
        openings = [*several[1].split(", "), several[2]]
        things = {opening.lower() for opening in openings} & {"who", "what"}
        if not things or re.match(rf"(?:{_BE})\b", several[3], re.IGNORECASE):
            return [f"{opening} {several[3]}" for opening in openings]
    after = _AFTER.fullmatch(clause)
    if (
        after
        and not _NESTED.search(after["rest"])
        and not re.match(r"\w+ (?:you|we|i)\b", after["rest"], re.IGNORECASE)
    ):
        rest = after["rest"][:1].lower() + after["rest"][1:]
        return [clause[: after.end("rest")], f"{after['then']} {rest}"]
    return [clause]


def _hidden(text: str) -> str:
    """Return a text of the same length in which nothing quoted can be mistaken for a question."""
    return _QUOTED.sub(lambda quoted: "x" * len(quoted[0]), text)
