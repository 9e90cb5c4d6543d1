"""Pronouns that lean on the sentence before, by language, as a sentence's first word.

Those that are spelt like an article once accents are gone, "él" and "het", are none: every second sentence begins so.
"""

from functools import cache

from index.words import index_words

__all__ = ["leans_on_the_one_before"]

_PRONOUNS = {
    "de": "er sie es ihr ihre sein seine dieser diese dieses dies",
    "en": "he she it they his her hers its their theirs him them this these that those",
    "es": "ella ellos ellas ello su sus este esta esto estos estas ese esa eso",
    "fr": "il elle ils elles ce c cela ceci son sa ses leur leurs cette cet ces",
    "it": "egli lui lei esso essa essi esse loro questo questa questi queste ciò",
    "nl": "hij zij ze hun zijn haar deze dit dat",
    "pt": "ele ela eles elas seu sua seus suas este esta isto esse essa isso",
}


def leans_on_the_one_before(words: str, language: str | None) -> bool:
    """Tell whether a sentence of these index words begins with such a pronoun."""
    return words.partition(" ")[0] in _stems((language or "en").split("-")[0])


@cache
def _stems(language: str) -> frozenset[str]:
    return frozenset(index_words(_PRONOUNS.get(language, ""), language))
