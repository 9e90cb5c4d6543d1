"""How each language asks for a time of publication, as tables.

The wordings are regular expressions over folded words with one space between them, a `.` at either end, and
punctuation as words; `@name` stands for a fragment. In each, `wording` is what asks, `time` its period, and `cut` what
the question can do without. A period is `this` or the `last` unit of the calendar, or a `rolling` number of units,
`several` where none is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["LANGUAGES", "Language"]


@dataclass(frozen=True)
class Language:
    """The wordings of a language; `latest` ones name no period.

    `sources` introduces what is said elsewhere, `place` where it stands. A large letter within a wording shows a name;
    where nouns are written large, only that of the words to cut does.
    """

    fragments: Mapping[str, str]
    times: tuple[tuple[str, str], ...]
    named: tuple[str, ...]
    latest: tuple[str, ...]
    sources: str
    place: str
    large_nouns: bool = False


_ENGLISH = Language(
    fragments={
        "opener": "(?:@end|according to|in|do|does|did|is|are|was|were|what|what's|which|which of|any|any of|all"
        "|some|only|based on|there|me|me about|have|show|list|find|using|summari[sz]e|summary of)",
        "lead": "@opener (?:(?:the|any|all|some|all the) )?",
        "kind": "(?:(?:local|national|international|world|foreign|other|latest|recent|breaking) )?",
        "press": "(?:news|press|media|newspaper) (?:articles?|reports?|stories|story|coverage)",
        "item": "(?:@press|news|headlines?|articles?)",
        "medium": "@kind(?:news|headlines|newspapers|papers|press|media)",
        "printed": "(?:reported|published|printed|written)",
        "topic": "about|on|regarding|concerning",
        "says": "says?|said|mention(?:s|ed)?|describe[sd]?|discuss(?:es|ed)?|reports?|reported|quote[sd]?|suggest",
        "after": "(?! in (?:@month|[12][0-9]{3}) )"
        "(?= (?:@end|@topic|@says|that|in|from|who|what|how|whether|why|where) )",
        "topical": "(?= (?:@topic) )",
        "ending": "(?= (?:@end|@topic) )",
        # an author's latest article may be of any age
        "told": r"(?= (?:@end|@topic|@says) )(?!(?: \S+){0,8} by )",
        "of": "(?:(?= of )|@after)",
        "what": "(?:what(?:'s| is| was| has)(?: been| being)?|(?:has|was) anything(?: been)?)",
        "span": "(?:(?:from|in|during|over|within|since) )?@time",
        "when": "(?P<cut>@span)",
        # further back, reports are as often annual ones, coverage is a rate, and stories are books
        "recent": "today|yesterday|this week|last week",
        "newest": "(?P<cut>latest|most recent|newest)",
        "amount": "(?:a )?(?P<number>@number) (?:of )?(?P<unit>hours|days|weeks|months|years)",
    },
    times=(
        ("this", "today|this morning"),
        ("last", "yesterday"),
        ("this", "(?:so far |earlier )?this (?P<unit>week|month|year)"),
        ("last", "(?:last|the previous) (?P<unit>week|month|year)"),
        ("rolling", "(?:the |these )?(?:last|past) @amount"),
        ("rolling", "(?:the last|the past|past) (?P<unit>day|week|month|year)"),
    ),
    named=(
        "@lead(?P<wording>@kind(?:@press|articles?|reports|stories) @when)@after",
        # "the woman in the news yesterday" is told of in older articles too
        "@lead(?<!in the )(?P<wording>@kind(?:news|headlines?) (?P<cut>(?:of )?@span))@after",
        r"@start (?:what|who|which \w+)(?:'s| is| was| has been| happened) (?P<wording>in the @medium @when)@after",
        "@what (?:said|covered|discussed|@printed) (?P<wording>in the @medium @when)@after",
        "@start who was (?:mentioned|named|quoted) (?P<wording>in the @medium @when)@after",
        "@start what (?:is|was|happened) (?P<wording>(?P<cut>@time) in the (?:news|headlines))@after",
        "@lead(?P<wording>@kind@item (?P<cut>(?:that (?:was|were) )?@printed @span))@after",
        "@lead(?P<wording>@kind@item (?:was|were|have been) @printed @when)@after",
        "@what (?P<wording>reported @when)@ending",
        "@what (?P<wording>@printed @when)@topical",
        "(?:is|are|was|were) (?P<wording>reported @when)(?= to (?:be|have) )",
        "(?:it is|it was|is it|was it) (?P<wording>reported @when)(?= that )",
        "(?P<wording>as reported @when)(?= @end )",
        "(?:did|do|does|have|has) (?:the )?(?P<wording>@medium (?:write|written|say|said|report(?:ed)?) @when)@ending",
        "@start (?P<wording>in the @medium @when)(?= , )",
        "(?:in|according to) (?P<wording>(?P<cut>@time's) coverage)@of",
        "@lead(?P<wording>(?P<cut>@time's) @kind@item)@of",
        "@lead(?P<wording>(?P<cut>(?P<time>@recent)'s) (?:coverage|reporting|reports|stories))@of",
        "@lead(?P<wording>(?P<cut>(?P<time>today|yesterday)'s) (?:papers?|newspapers?|press))@of",
    ),
    latest=(
        "@lead(?P<wording>(?P<cut>latest|most recent|newest|recent) @kind(?:@press|news|headlines?))@of",
        "(?:in|according to|do|does) (?:the )?(?P<wording>(?P<cut>latest|most recent|recent) coverage)@of",
        "@lead(?P<wording>@newest (?:articles?|reports?|story|stories))@told",
        "@lead(?P<wording>(?P<cut>recent|recently published) (?:articles|reports|stories))@told",
        "what (?:has|was|is) (?:been )?(?P<wording>(?P<cut>recently) (?:been )?@printed)@topical",
    ),
    sources="according to",
    place="in",
)
_GERMAN = Language(
    fragments={
        "lead": "(?:@end|die|den|der|was|welche|in|laut|nach|es|gibt|gab|steht|stand|stehen|sagen) (?:neuen? )?",
        "noun": "(?:nachrichten|meldungen|schlagzeilen|artikeln?|(?:medien|presse|zeitungs)(?:berichten?|artikeln?))",
        "about": "(?:über|zu|zum|zur)",
        "subject": r"(?:\w\S* ){1,12}?",
        "said": "(?:berichtet|geschrieben|gemeldet)",
        "after": "(?= (?:@end|@about|aus|wer|was|wie|ob|sagen|berichten|erwähnen|nennen) )",
        "when": "(?P<cut>(?:(?:von|vom|aus|in|im|des|seit|(?:aus|in|von|seit) de[rnm]) |(?=der |dies))@time)",
        "then": "(?P<cut>(?:im |in )?@time)",
        "amount": "(?P<number>@number) (?P<unit>stunden|tagen?|wochen|monaten?|jahren?)",
    },
    times=(
        ("this", "heute|heutigen?"),
        ("last", "gestern|gestrigen?"),
        ("this", "diese[rnms]? (?P<unit>woche|monats?|jahr(?:es)?)"),
        ("last", "(?:der )?(?:letzte|vergangene|vorige)[nrsm]? (?P<unit>woche|monats?|jahr(?:es)?)"),
        ("rolling", "(?:den |der )?(?:letzten|vergangenen) @amount"),
        ("several", "(?:den |der )?(?:letzten|vergangenen) (?P<unit>tagen?|wochen|monaten?)"),
    ),
    named=(
        "@lead(?P<wording>@noun @when)@after",
        "laut (?P<wording>berichten @when)(?= @end )",
        "@lead(?P<wording>(?P<cut>(?P<time>heutigen?|gestrigen?)) (?:@noun|zeitung(?:en)?|presse))@after",
        "was (?:wurde|wird) (?P<wording>@then @about @subject@said)(?= )",
        "was (?:wurde|wird) @about @subject(?P<wording>@then @said)(?= )",
        "was (?:berichteten|schrieben|meldeten) die (?P<wording>(?:zeitungen|medien) (?P<cut>@time))(?= @about )",
    ),
    latest=("@lead(?P<wording>(?P<cut>(?:neueste|jüngste|aktuelle|aktuellste)n?) (?:@noun|berichten?))@after",),
    sources="laut|nach",
    place="in",
    large_nouns=True,
)
_FRENCH = Language(
    fragments={
        "lead": "(?:@end|les|des|quelles|quels|disent|selon|dans|d'après) (?:les )?",
        "said": "(?:écrit|publié|rapporté)",
        "amount": "(?P<number>@number) derni(?:ers|ères) (?P<unit>heures|jours|semaines|mois|années)",
        "noun": "(?:nouvelles|actualités|dépêches|reportages|infos|articles)",
        "after": "(?= (?:@end|sur|à|au|concernant|disent|mentionnent|qui|que) )",
        "when": "(?P<cut>(?:(?:de|du|des|de la|dans|depuis|pendant|au cours) |d'|(?=ces ))@time)",
    },
    times=(
        ("this", "aujourd'hui"),
        ("last", "hier"),
        ("this", "(?:cette|ce) (?P<unit>semaine|mois|année)(?:-ci)?"),
        ("last", "(?:la |le |l')?(?P<unit>semaine|mois|année|an) (?:dernier|dernière|passée?)"),
        ("rolling", "(?:les |ces |des )?@amount"),
        ("several", "(?:les |ces |des )?derni(?:ers|ères) (?P<unit>jours|semaines|mois)"),
    ),
    named=(
        "@lead(?P<wording>@noun @when)@after",
        "@lead(?P<wording>@noun (?:publiée?s|parue?s) (?P<cut>@time))@after",
        "(?:dans|selon|d'après) la (?P<wording>presse @when)@after",
        "(?:qu'a-t-on|qu'est-ce qui a été) (?P<wording>@said (?P<cut>@time))(?= (?:sur|concernant|à propos) )",
    ),
    latest=(
        "@lead(?P<wording>(?P<cut>dernières) (?:nouvelles|actualités|dépêches|infos))(?:(?= de )|@after)",
        "@lead(?P<wording>(?P<cut>derniers) (?:articles|reportages))@after",
        "@lead(?P<wording>@noun (?P<cut>(?:les plus )?récente?s))@after",
    ),
    sources="selon|d'après",
    place="dans",
)
_SPANISH = Language(
    fragments={
        "lead": "(?:@end|las|los|qué|según|en|dicen|hay) (?:las |los )?",
        "said": "(?:ha )?(?:publicó|escribió|informó|publicado|escrito)",
        "noun": "(?:noticias|titulares|artículos|reportajes)",
        "after": "(?= (?:@end|sobre|acerca|dicen|mencionan|que|quién|qué) )",
        "when": "(?P<cut>(?:de|del|en|durante|desde) @time)",
    },
    times=(
        ("this", "hoy"),
        ("last", "ayer"),
        ("this", "est[ea] (?P<unit>semana|mes|año)"),
        ("last", "(?:la |el )?(?P<unit>semana|mes|año) pasad[ao]"),
        ("rolling", "(?:los |las )?últim[oa]s (?P<number>@number) (?P<unit>horas|días|semanas|meses|años)"),
        ("several", "(?:los|las) últim[oa]s (?P<unit>días|semanas|meses)"),
    ),
    named=(
        "@lead(?P<wording>@noun @when)@after",
        "@lead(?P<wording>@noun publicad[ao]s (?P<cut>@time))@after",
        "(?:en|según) la (?P<wording>prensa @when)@after",
        "qué se (?P<wording>@said (?P<cut>@time))(?= (?:sobre|acerca) )",
    ),
    latest=(
        "@lead(?P<wording>(?P<cut>últimas) noticias)(?:(?= del? )|@after)",
        "@lead(?P<wording>@noun (?P<cut>(?:más )?recientes))@after",
    ),
    sources="según",
    place="en",
)
LANGUAGES = (_ENGLISH, _GERMAN, _FRENCH, _SPANISH)
"""The languages that are read."""
