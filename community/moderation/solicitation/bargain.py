"""What a line that deals has about it: each sign weighs something, and so does what speaks against it.

Read on folded words (no accents, no capitals). ``sentences`` know what people write; this knows
what their parts have in common: a substance, an offer or a request, a way to meet, a price.
"""

from __future__ import annotations

import re
from functools import cache

ENOUGH = 4

_SUBSTANCE = (
    r"\b(?:fent|fentanyl|dilau\w*|dillies|hydromorph\w*|coke|cocaine|blanche|crack|speed|meth|crystal"
    r"|xan\w{0,4}|benzos?|ativan"
    r"|clonaz\w*|oxy\w*|percs?|percocets?|morphine|codeine|tramadol|kadian|ketamine|keta?|ghb|mdma"
    r"|molly|champignons"
    r"|shrooms|pot|weed|hasch|hash|edibles|concerta|ritalin|vyvanse|adderall|addys?|dex\w{2,7}"
    r"|metha(?:done)?|suboxone"
    r"|subs|bupes?|hero(?:ine?)?|gabapentine?|gabb?ies|lyrica|patch(?:e?s)?|kratom|tianeptine|pilules"
    r"|pills?|drogue|dope"
    r"|blues|puff|peanuts|mescaline|mesc|opium|lsd|dmt|2c-?b|[234]-?[cfm]mc|points?|(?:good|the|some|du"
    r"|d') ?down|downs?"
    r"|roche|some (?:blow|rock|side|ice|soft|hard|mush)|champis|mush|w/ side|speeds|ice|poudre|acide"
    r"|lean|buprenorphine|prescriptions?|scripts?)\b|💊|❄|🍄|🍁|🌿"
)
_SIGNS: tuple[tuple[int, str], ...] = (
    # an offer
    (
        3,
        rf"\b(?:selling|je (?:re)?vends|^vends|^vente|i sell|wts|i'?m moving"
        rf"|moving some)\b.{{0,25}}(?:{_SUBSTANCE})",
    ),
    (
        3,
        r"\b(?:for sale|a vendre|new (?:customers|clients)|nouveaux clients|what (?:you|u) need"
        r"|no fronts|front me|fake scripts?|hook (?:you|u|ya) up|if (?:you|u) need some|unload|flipping"
        r"|moves (?:dope|weight)|bon stock|good stuff|reup|gros prix|top dollar|local pick ?up"
        r"|paying (?:top|good|well))\b",
    ),
    (2, r"(?<!who )\bsells\b"),
    (
        2,
        r"\b(?:left ?overs?|extra|il me reste|part with|in stock|mail you|je poste|ship(?:s|ping)?"
        r"|we deliver|delivery (?:24|to you)|on livre|livrons|livraison (?:rapide|24|a)"
        r"|envoi|pick ?up only|drop ?off|trade|trading|swap|livraisons de|des livraisons|will trade"
        r"|split the|wants an intro|j'echange|^echange|echangerais?|main propre|stealth|fast drops"
        r"|(?:fresh|new|clean) batch)\b",
    ),
    # a request
    (5, r"\bwhere (?:\w+ ){0,3}(?:cop|score)\b|\b(?:spot|place) to (?:cop|score|grab some)\b"),
    (
        3,
        r"(?:^|\bknows? |\bsait |\bconnait )(?:who sells|qui vend)\b|\b(?:quelqu'un vend|any(?:one"
        r"|body) sell\w*|wtb|(?<!used )to buy|i buy|a acheter|j'achete|preneur"
        r"|who'?s (?:got|holding)|get me some|sell me|me vendre|iso)\b",
    ),
    (
        2,
        r"\b(?:cash in hand|asap|who can get|peux payer|can pay|will pay|i'?ll pay|je pay?i?e"
        r"|me trouve[rz]?)\b",
    ),
    (
        1,
        r"\b(?:deliver(?:s|y)?|livre|livraison|need|looking for|recherche|cherche|besoin|any(?:one"
        r"|body)|quelqu'un|who|qui|where|ou)\b",
    ),
    # somebody who sells
    (3, r"\b(?:plugs?|dealers?|pushers?|vend(?:eu|o)rs?|connect|hook ?up|contact pour)\b"),
    # a way to meet, a price, a measure
    (
        2,
        r"\b(?:dm|mp|pm|msg|hmu|inbox|hit me|txt|text(?:e[zr]?)?(?: me|-moi)?|message (?:me|for)"
        r"|ecri(?:s|vez)[- ]moi|repondez en prive"
        r"|en prive|telegram|tele ?[:@]|wickr|session|snap|kik|whatsapp|contact(?:ez)? me|contactez"
        r"|his number|son numero|my number"
        r"|ask for|sur insta\w*|insta ?:|ask me|faites vite|si ca t'interesse|meet)(?!\w)",
    ),
    (
        2,
        r"\d ?\$|\$ ?\d|\d (?:bucks|dollars|piasses|piastres|each|chaque)\b|\b(?:prices?|prix|cheap"
        r"|pas chere?|btc|crypto|e-transfer)\b"
        r"|\b\d+ (?:for|pour|le|la|a|per) (?:a |un |une )?(?:\d+|points?|ball|balle|gram\w*|g|film"
        r"|strip|half|quart|once|ounce)\b",
    ),
    (
        1,
        r"\b(?:gram(?:me)?s?|once|oz|qp|zip|une once|ounce|combien|balle?|half|quart|\d+s|best|clean"
        r"|pure|fire|good|bonne|bon|cheap)\b",
    ),
)
_AGAINST: tuple[tuple[int, str], ...] = (
    (5, r"\b(?:research\w*|recherche (?:sur|universitaire|clinique)|participants?)\b"),
    (
        3,
        r"\b(?:clini\w*|pharmac\w*|naloxone|narcan|programs?|programmes?|stud(?:y|ies)|etude|patients?"
        r"|prescri(?:bes?|bed|bing|t|re|vent)|(?<!script )doct(?:or|eur)|medecin|hospital|hopital|detox"
        r"|rehab|protocol\w*|(?<!commande de )groupe?s?(?! (?:order|buy))|supervis\w*"
        r"|trajets?|trips?|en region|rural|eloignee?s?|remote|checked|analys\w*)\b",
    ),
    (
        3,
        r"\b(?:quit\w*|stopp?\w*|arret\w*|taper\w*|sevrage|withdrawal|sobre|sober|clean (?:for|from"
        r"|since)|days clean|tips"
        r"|advice|conseils?|experience|help(?:ing)? (?:with|finding)|aide|talk|parler|support|safe(?:ly"
        r"|r)|securit\w*|test\w*)\b",
    ),
    (
        3,
        r"\b(?:said no|dit non|told me|m'a dit|report\w*|signal(?:er|ez)|worried|inquiete?|police"
        r"|arrested|stolen|volee?s?|accused"
        r"|(?:i|we) used to|avant je|bought|don'?t|do not|never|ne \w+ jamais|will be hidden"
        r"|retire[es]?|removed|son corps|her body|my (?:son|daughter|kid)|mon fils|ma fille|wish"
        r"|estim\w+)\b",
    ),
)


@cache
def _compiled() -> tuple[tuple[int, re.Pattern[str]], ...]:
    against = tuple((-weight, pattern) for weight, pattern in _AGAINST)
    return tuple((weight, re.compile(pattern)) for weight, pattern in _SIGNS + against)


@cache
def _substance() -> re.Pattern[str]:
    return re.compile(_SUBSTANCE)


def weight(words: str) -> int:
    """What speaks for dealing in one line of folded words, less what speaks against it."""
    substances = {match.group() for match in _substance().finditer(words)}
    signs = sum(weight for weight, pattern in _compiled() if pattern.search(words))
    return signs + (2 if substances else 0) + (len(substances) > 1)


def speaks_against(words: str) -> bool:
    """Whether a line speaks of care, of stopping, or of what others do."""
    return any(weight < 0 and pattern.search(words) for weight, pattern in _compiled())


def looks_like_one(words: str) -> bool:
    """Whether enough speaks for it, and an offer, a request or a way to meet is among it."""
    return (
        len(words) < _LONGEST
        and weight(words) >= (ENOUGH if _substance().search(words) else ENOUGH + 1)
        and any(pattern.search(words) for weight, pattern in _compiled()[:_ACTS] if weight > 1)
    )


_ACTS = 10  # of the signs, those before prices and measures
_LONGEST = 280  # characters: in a long line, words that have nothing to do with each other add up
