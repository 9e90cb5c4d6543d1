"""The words by which a question points back to what was said before, by language."""

from dataclasses import dataclass

__all__ = ["ENGLISH", "LANGUAGES", "Language"]


@dataclass(frozen=True)
class Language:
    """The words of a language, as expressions over folded words: `.` and `,` are words too, and `#` begins.

    `asking` and `helping` words open a question, `light` ones add little. `pronouns` need an antecedent, `objects`
    one that is not the subject; `idle` ones stand for nothing. `refers` points back wherever it stands, `vague` where
    the question names no more than two things, `unnamed` where nothing is named before. One word after `defining`
    makes a whole question.
    """

    code: str
    asking: str
    helping: str
    light: str
    pronouns: str
    idle: str
    refers: str
    unnamed: str
    defining: str
    vague: str = "(?!)"
    objects: str = "(?!)"


_LARGER = "(?:(?:larg|bigg|small|old|young|bett|cheap|fast|slow|high|low|long|short|strong)er|(?:more|less) [a-z]+)"
ENGLISH = Language(
    code="en",
    asking="how many|how much|what|who|whom|whose|which|when|where|why|how",
    helping="is|are|was|were|am|be|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|isn|aren"
    "|wasn|weren|doesn|don|didn|hasn|haven|couldn|won|wouldn|shouldn|s|re|ll|ve|d",
    light="t|not|an?|the|this|that|these|those|there|here|i|me|my|we|us|our|you|your|ones?|some|any|all|both|each|every"
    "|others?|another|else|same|such|more|most|less|least|very|too|also|so|then|than|and|or|but|if|as|of|in|on|at|by|for"
    "|from|to|with|about|into|out|up|down|over|under|after|before|between|during|through|per|please|tell|explain"
    "|describe|again|just|only|ever|still|now|yes|no|gets?|got|back|really|like|being|been|because|while",
    pronouns="he|she|it|they|him|her|them|his|hers|its|their|theirs|himself|herself|itself|themselves",
    objects="him|them|(?:it|her)(?= (?:[.,]|in|on|at|by|for|from|to|with|after|before|now|today) )",
    idle="(?:is|was|isn t|wasn t|would|will|could|can|may|might|does|did) it (?:be |really |still |ever )?(?:true|known"
    "|said|reported|believed|clear|take|matter|rain|cost to|mean to|that|(?:possible|legal|illegal|likely|necessary"
    "|worth|important|safe|normal|common|easy|hard|difficult|better) (?:to|that|for))"
    "|it (?:takes|took|rains|rained|seems|turns out|means to)|what (?:time|day|date|year) (?:is|was) it"
    "|(?:this|these|that) (?:year|month|week|morning|evening|afternoon|season|summer|winter|century|decade|days|time)"
    "|(?:is|are|was|were|be|been|has|have|had|will|can|could|would|may|might|must|should|does|did|do|isn t|aren t"
    "|wasn t|weren t) there|there (?:is|are|was|were|s|has|have|had|will|would|may|must|can|could|be)",
    refers="# (?:and|but|or|so|then|what about|how about|what of|why not|what if|how so|how come|no ,|no i)"
    "|(?:this|these|those)(?! (?:who|that|which|of|with) )|there"
    "|(?:is|was|are|were|does|did|do|can|will|of|about|like|in|to|after|before|with|why|at|for|from|by|because|how)"
    " that(?! (?:the|an?|is|are|was|were|he|she|it|they|there|people|you|i|we|of) )|(?:this|that) [.]"
    "|(?:which|this|that|the|new|another|any|create|get|make|have|buy|use|need) ones?"
    "(?! (?:of|hundred|thousand|million|percent|year|day|hour|week|month|who|that|which) )"
    "|(?:any|some|another|more|instead|either|the two|again|next) [.]"
    "|(?:is|are|was|were|did|does|do|has|have) any(?:one|body|thing) [a-z]+ [.]"
    "|else|the others?|the latter|the former|tell me more|more about|elaborate|your answer|my question"
    "|you (?:just |are |were )?(?:said|mean|meant|mentioned|mentioning)|i (?:just )?meant"
    f"|# (?:which|who|what)(?: one)?(?: is| are| was| were| s)? {_LARGER} [.]"
    "|(?:is|are|was|were|s) the (?:(?:most|least) [a-z]+|best|worst|next|last|(?:larg|bigg|old|high|small)est) [.]",
    vague="# (?:how many|how much|which)|(?:do|can|should|must|may) (?:i|we)",
    unnamed="the (?:city|town|village|country|state|region|company|firm|team|club|band|group|film|movie|book|novel|song"
    "|album|series|show|author|director|president|minister|war|battle|treaty|agreement|deal|bill|building|bridge|river"
    "|game|match|player|man|woman|victims?|suspects?|plan|project|report|study|incident|accident|attack|product|drug"
    "|disease|organi[sz]ation|university|school|museum|hospital|talks|meeting|strike|protests?)"
    "(?! (?:of|that|who|which|whose|where|when|in|for|on|at|behind|from|to|between|with|by|called|named|about) )",
    defining="# (?:(?:what|who|where) (?:(?:is|are|s)(?! the )|(?:was|were)(?! the | [a-z]+ed [.]))"
    "|(?:explain|describe)(?! the ))",
)
_GERMAN = Language(
    code="de",
    asking="wer|wen|wem|wessen|was|wo|wann|warum|wieso|weshalb|wohin|woher|wie viele?|wieviele?|wie|welche[rsnm]?",
    helping="ist|sind|war|waren|wird|werden|wurden?|hat|haben|hatten?|kann|können|konnten?|soll|sollen|sollten?|muss"
    "|müssen|musste|darf|dürfen|will|wollen|wollten?|gibt|gab",
    light="der|die|das|den|dem|des|eine?[rsnm]?|und|oder|aber|nicht|kein\\w*|auch|noch|nur|schon|denn|dann|so|als|wenn"
    "|dass|ob|weil|in|im|an|am|auf|aus|bei|mit|nach|von|vom|vor|zu|zum|zur|für|um|über|unter|durch|gegen|ohne|bis|seit"
    "|ich|wir|mir|mich|uns|du|dir|man|bitte|mehr|sehr|hier|ja|nein|sich",
    pronouns="er|sie|es|ihn|ihm|ihnen|ihre?[rsnm]?|seine?[rsnm]?",
    idle="(?:gibt|gab|ist|war|wird|geht|regnet|stimmt|handelt) es|es (?:gibt|gab|regnet|heißt)|zu sein|wie viel uhr"
    "|(?:können|könnten|würden|wissen|haben) sie|diese[rsnm]? (?:jahr|monat|woche|tage?|sommer|winter)(?:e?s)?",
    refers="# (?:und|aber|oder|was ist mit|wie sieht es|wieso nicht|warum nicht)"
    "|diese[rsnm]?|dort|da(?:von|für|mit|zu|ran|rin|bei|gegen|durch|nach|rüber|rauf|raus)|derselben?|dieselben?"
    "|dasselbe|das [.]|(?:was|wer|sonst) noch|die anderen?|der andere|mehr darüber|genauer",
    unnamed="(?:der|die|das|den|dem|des) (?:stadt|dorf|land|firma|unternehmen|verein|partei|film|buch|autor|präsident"
    "|minister(?:in)?|regierung|krieg|abkommen|gesetz|brücke|gebäude|spiel|mann|frau|opfer|plan|projekt|bericht|unfall)"
    "(?! (?:von|vom|der|des|die|das|in|im|am|auf|für|mit|aus|namens|zwischen|gegen|bei) )",
    defining="# (?:was|wer|wo) (?:ist|sind|war|waren)(?! (?:der|die|das) )",
)
_FRENCH = Language(
    code="fr",
    asking="qui|que|qu|quoi|quand|où|pourquoi|combien de|combien d|combien|comment|quel(?:le)?s?|lequel|laquelle",
    helping="est|sont|était|étaient|a|ont|avait|avaient|fut|furent|peut|peuvent|doit|doivent|va|vont|sera|seront|fait",
    light="le|la|les|l|un|une|des|du|de|d|et|ou|mais|pas|ne|n|en|y|à|au|aux|dans|sur|sous|pour|par|avec|sans|chez|vers"
    "|entre|depuis|ce|c|s|se|t|on|je|j|nous|vous|tu|me|m|aussi|plus|très|oui|non|si|été|après|avant",
    pronouns="il|elle|ils|elles|lui|leurs?|son|sa|ses|eux",
    idle="y a t il|il y a(?:vait)?|est il (?:vrai|possible|nécessaire|interdit|permis)|il (?:faut|pleut|semble|existe)"
    "|faut il|existe t il|quelle heure est il|est ce (?:que|qu)|ce (?:que|qu|qui)|qu est ce|c est"
    "|ce(?:tte)? (?:année|mois|semaine|soir|matin|été|hiver)"
    "|(?!(?:y|qui|que|quand|où|pourquoi|comment|combien) )[^ .,#~]+ (?:a|ont|est|sont|va|peut) (?:t )?(?:il|elle)s?",
    refers="# (?:et|mais|ou bien|alors|pourquoi pas|qu en est il)|cela|ça|celui|celle|ceux|celles|cet|cette|ces|ce|y"
    "|les autres|l autre|(?:quoi|qui) d autre|le même|la même|les mêmes|plus de détails|en savoir plus|là",
    unnamed="(?:le|la|les|l|du|au) (?:ville|village|pays|région|entreprise|société|équipe|club|film|livre|auteur"
    "|président|ministre|gouvernement|guerre|accord|loi|pont|match|homme|femme|victimes?|projet|rapport|accident)"
    "(?! (?:de|du|des|d|qui|que|qu|dont|où|en|à|au|entre|pour|contre|sur) )",
    defining="# (?:qu est ce (?:que|qu)|(?:qui|où|c) (?:est|sont|était)(?! (?:le|la|les|l) ))",
)
_SPANISH = Language(
    code="es",
    asking="qué|quién(?:es)?|cuándo|dónde|por qué|cómo|cuánt[oa]s?|cuál(?:es)?|adónde",
    helping="es|son|era|eran|fue|fueron|está|están|estaba|ha|han|había|puede|pueden|debe|deben|va|van|será|hay|hubo",
    light="el|la|los|las|lo|un|una|unos|unas|de|del|y|o|pero|no|en|a|al|con|sin|por|para|sobre|entre|desde|hasta|se|me"
    "|nos|te|que|si|sí|muy|más|también|ya|como|hace",
    pronouns="él|ella|ellos|ellas|su|sus|suy[oa]s?",
    idle="es (?:verdad|cierto|posible) que|est[ea] (?:año|mes|semana|noche|mañana|verano|invierno|siglo)",
    refers="# (?:y|pero|o|entonces|qué hay de|qué tal|qué pasa con|por qué no)|est?[aeo]s?|aquel(?:l[oa]s?)?|allí|ahí"
    "|el otro|la otra|los otros|las otras|los demás|(?:qué|quién|algo) más|lo mismo|el mismo|la misma|más sobre",
    unnamed="(?:el|la|los|las|del|al) (?:ciudad|pueblo|país|región|empresa|equipo|club|película|libro|autora?"
    "|president[ea]|ministr[oa]|gobierno|guerra|acuerdo|ley|puente|partido|hombre|mujer|víctimas?|proyecto|accidente)"
    "(?! (?:de|del|que|donde|en|entre|para|por|contra|con|sobre) )",
    defining="# (?:qué (?:es|son)|(?:quién(?:es)?|dónde) (?:es|son|era|fue|está)(?! (?:el|la|los|las) ))",
)
LANGUAGES = (ENGLISH, _GERMAN, _FRENCH, _SPANISH)
"""Every language that is told apart; others are read as English."""
