"""Whether a question likely takes facts of two articles.

A question taken for one of several facts costs twice the time, so that only wording counts that rarely asks for one
fact: a description in place of a name, which another article may have to solve ("the city where the author of X was
born"), or two names held against each other. No article is read for it: a description that the same article solves
counts too, and a chain in other words ("which city is the band from Aldbury based in") does not. Of the questions to
report on it finds 13 of 14 comparisons and 19 of 46 bridges, and takes 3 of 320 others for either.
"""

import re
from typing import Literal

__all__ = ["hop_kind"]

_MOST_CHARS = 500  # the expressions look twice over what is between
_WORK = "(?:film|movie|book|novel|story|play|song|single|album|series|sitcom|show|episode|game|magazine|poem|opera)s?"
_PERSON = (
    "(?:founder|creator|author|writer|director|producer|composer|singer|songwriter|singer-songwriter|rapper|musician"
    "|actor|actress|comedian|artist|painter|photographer|architect|inventor|designer|guitarist|drummer|bassist|vocalist"
    "|leader|head|chair|chairman|chairwoman|president|minister|premier|governor|mayor|senator|politician|king|queen"
    "|owner|employer|manager|coach|player|footballer|officer|lawyer|engineer|scientist|historian|man|woman|wife|husband"
    "|father|mother|son|daughter|brother|sister|predecessor|successor|winner|runner-up|host|figure|character)s?"
)
_GROUP = (
    "(?:company|firm|band|group|duo|club|team|school|university|college|network|label|publisher|studio|manufacturer"
    "|builder|contractor|newspaper|city|town|village|country|state(?! that)|county|island|hospital|plant|museum|gallery"
    "|church|hotel|bank|ship|building|bridge|river|party|hometown|home town|birthplace)"
)
_THING = f"(?:{_PERSON}|{_WORK}|{_GROUP})"
_FEW = r"(?: (?!(?:who|that|which|whose|where|what|and|or)\b)[\w.'’&-]+)"
_RELATIVE = "(?:,? (?:who|whose|which|where)|(?: that| in which| for which| from which))"
_MADE = "(?:born|used|formed|founded|named|known|released|directed|written|produced|published|built|starring|featuring)"
# after "who is" or "what was the name of", the description is what is asked for
_ASKED = re.compile(
    rf"^(?:(?:who|where|which) (?:is|are|was|were)|who['’]s|what (?:is|are|was|were) the names? of"
    rf"|what (?:is|are|was|were)(?= the{_FEW}{{0,4}} (?:{_WORK}|{_GROUP})\b)) ",
    re.IGNORECASE,
)
_BRIDGES = (
    # a description that stands for a name: "the film that was shot in", "the city where she was born"
    rf"(?<=[\w,] )(?:the|an?){_FEW}{{0,4}} {_THING}(?:{_FEW}{{0,6}}{_RELATIVE}| {_MADE}) \w",
    r"\w,? whose \w",
    # "what did the director of X do before"
    rf"\b(?:did|does|do|has|had|by) the{_FEW}{{0,3}} (?:{_PERSON}|{_WORK})(?: and{_FEW}{{1,3}})? (?:of|behind) ",
    rf"\bthe{_FEW}{{0,3}} {_PERSON} of the{_FEW}{{0,3}} {_THING} (?:of|behind|in) ",
    rf"['’]s{_FEW}{{0,2}} {_PERSON}\b [^?]",
    # "a film featuring an actress who starred in what", and a question at its end about what a clause tells of
    rf"\b(?:featur\w+|starr\w+|by|from|with|contained) an?{_FEW}{{0,8}} {_THING}\b.* (?:what|which)",
    rf"^(?!(?:\w+ )?(?:what|which|who|whose|how)\b).*\ban?{_FEW}{{0,8}} {_THING}\b.* (?:what|which)\b",
    rf"^(?!(?:\w+ )?(?:what|which|who|whose|how)\b).*\b{_THING}{_FEW}{{0,3}} (?:that|who|which) .*\b(?:what|which)\b",
)
_BRIDGE = re.compile("|".join(_BRIDGES), re.IGNORECASE)
_NAME = r"(?:[Tt]he )?[A-ZÀ-Þ][\w.'’&!-]*(?: (?:[A-ZÀ-Þ0-9(][\w.'’&!)-]*|of|the|de|in|on))*"
_PAIR = re.compile(rf"{_NAME}(?:, [^,]{{1,60}})?,? (?:and|or) {_NAME}|{_NAME}{_FEW}{{0,5}} than {_NAME}")
_MORE = (
    "(?:first|last|earlier|later|sooner|older|younger|larger|bigger|smaller|longer|shorter|higher|lower|taller|faster"
    "|more|fewer)"
)
_HELD = re.compile(
    rf"\b(?:both|same|common|alike|respective(?:ly)?|share[sd]?|oldest|youngest|most|which of|{_MORE})\b"
    r"|^which\b.* or ",
    re.IGNORECASE,
)
_EITHER = re.compile(rf"^(?:who|which)\b.* {_MORE}\b.* or ", re.IGNORECASE)


def hop_kind(question: str) -> Literal["single", "bridge", "comparison"]:
    """Tell whether the question is a chain of facts, a comparison of two things, or asks for one fact.

    It is read in English, and no further than its first 500 characters.
    """
    asked = " ".join(question.split())[:_MOST_CHARS]
    if _EITHER.search(asked) or (_PAIR.search(asked) and _HELD.search(asked)):
        return "comparison"
    return "bridge" if _BRIDGE.search(_ASKED.sub("", asked)) else "single"
