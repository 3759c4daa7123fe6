"""Details that together fit one person: one told apart from all others, and where, or what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.identifiers.around import Around
from community.core.identifiers.finding import Found, apart
from community.core.identifiers.normal import Plain
from community.core.identifiers.words import LARGE_PLACES

_PERSON = (
    r"(?:mayor|maire(?:sse)?|police chief|chief of police|chef de police|principal|priest"
    r"|pastor|cur[ée]|imam|rabbi|rabbin|teachers?|enseignante?|professeure?|doctor|m[ée]decin"
    r"|nurse|infirmi[èe]re?|midwife|sage-femme|pharmacist|pharmacien(?:ne)?"
    r"|firefighter|pompi[èe]re?|coach|entra[îi]neure?|judge|juge|dentist|dentiste|notary"
    r"|notaire|councill?or|conseill[èe]re?|reeve|sheriff|officer|polici[èe]re?|(?:hockey )?player"
    r"|joueu(?:r|se)|singer|chanteu(?:r|se)|baker|boulang[èe]re?|farmer|agricult\w{1,20}|fisher\w{0,20}"
    r"|p[êe]cheu\w{1,20}"
    r"|veterinar\w{1,20}|v[ée]t[ée]rinaire|bus driver|pilot|librarian|biblioth[ée]caire|postmaster"
    r"|woman|man|femme|homme|trans \w{1,20}|girl|boy|fille|gar[çc]on|student|[ée]tudiante?"
    r"|paramedic|ambulanci[èe]re?|lawyer|avocate?|mlas?|mpps?|d[ée]put[ée]e?|minist(?:er|re)"
    r"|chief|chef|elder|owner|propri[ée]taire|family|famille|couple|patient|patiente|person"
    r"|personne)"
)
_KIN = (
    r"(?:son|daughter|wife|husband|widow|mother|father|brother|sister|child|niece|nephew|fils"
    r"|fille|femme|mari|veuve|veuf|m[èe]re|p[èe]re|fr[èe]re|s[œo]e?ur|conjointe?|[ée]pouse"
    r"|[ée]poux|neveu|ni[èe]ce)"
)
_OFFICE = (
    r"(?:mayor|maire(?:sse)?|police chief|chief of police|chef de police|(?:band |fire )?chief"
    r"|chef (?:de bande|des pompiers)|(?:school )?principal|direct(?:eur|rice) de l'[ée]cole"
    r"|priest|pastor|cur[ée]|judge|juge|minist(?:er|re)|premier|mla|mpp|mp|d[ée]put[ée]e?"
    r"|reeve|notary|notaire|coach|entra[îi]neure?|town doctor|m[ée]decin du village"
    r"|councill?or|conseill[èe]re? municipale?)"
)
_TAIL = (
    r"(?:\s(?:of|in|on|at|from|de|du|des|d'|à|au|dans|sur)\s?(?:the |our |my |this |a |l'|la "
    r"|le |notre |mon |ma |ce |un |une |cette )?[\w\-'À-ÿ]{1,30})?"
)
_ONLY = re.compile(
    rf"\b(?:the only|the sole|la seule|le seul|l'unique"
    rf"|the one and only)\s(?:[\w\-'À-ÿ]{{1,30}}\s){{0,3}}?{_PERSON}\b(?:\s(?!of\b|in\b|on\b|at\b|de\b"
    rf"|du\b|à\b|who\b|qui\b)[\w\-À-ÿ]{{1,30}})?{_TAIL}"
)
_OF_THE_PLACE = re.compile(
    rf"\b(?:the|our|la|le|l'|notre)\s?{_OFFICE}\s(?:of|in|at|de|du|à)\s?(?:the |our |la |notre |l')?"
    r"(?:village|town|school|[ée]cole|parish|paroisse|reserve|r[ée]serve|island|[îi]le)\b"
    rf"|\b(?:the|our|la|le|l'|notre)\s?{_OFFICE} du village\b"
)
_KIN_OF = re.compile(
    rf"\b(?:the|our|a|former)\s(?:[\w\-]{{1,30}}\s)?{_OFFICE}'s\s(?:[\w\-]{{1,30}}\s)?{_KIN}\b"
    rf"|\b(?:the\s)?{_KIN}\sof\s(?:the|our|a)\s(?:[\w\-]{{1,30}}\s)?{_OFFICE}\b"
    rf"|\b(?:la |le |l')?{_KIN}\s(?:du|de la|de l'|de notre|d'une?)\s?(?:[\w\-]{{1,30}}\s)?{_OFFICE}\b"
)
_NEWS_PERSON = re.compile(
    rf"\b(?:(?:the|former|ancien(?:ne)?|le|la|a|un|une)\s|l'\s?)(?:[\w\-'À-ÿ]{{1,30}}\s){{0,2}}?{_PERSON}\b(?:\s(?!who\b"
    rf"|qui\b)[\w\-À-ÿ]{{1,30}}){{0,3}}?\s(?:who|qui|dont)\s(?:[\w\-'À-ÿ]{{1,30}}\s){{0,3}}?(?:in|on|made"
    rf"|fait|a fait|dans|à)?\s?(?:the |les? |la )?(?:news|nouvelles|newspapers?|papers?"
    rf"|journa(?:l|ux)|tv|t[ée]l[ée]|front page|headlines|manchettes?|la une)\b"
)
_SMALL_PLACE = re.compile(
    r"\b(?:village|hamlet|hameau|small town|tiny town|little town|petite ville|small community"
    r"|petite communaut[ée]|island|[îi]le|reserve|r[ée]serve|first nation|premi[èe]re nation"
    r"|town of [\da-z]|fly-in|municipalit[ée] de|rural|the north|du nord|remote"
    r"|[ée]loign[ée]e?|(?:town|ville|village) (?:of|de) [\d ]{2,6}|in our town"
    r"|dans notre ville|our (?:school|town|valley)|notre (?:[ée]cole|village|vall[ée]e))\b"
)
_EVENT = re.compile(
    r"\b(?:in the (?:news|paper|newspaper)|newspaper|front page|journal|nouvelles"
    r"|fait(?:s)? divers|fire|incendie|accident|crash|trial|proc[èe]s|drown\w*|noyade|murder"
    r"|meurtre|lawsuit|scandal\w*|arrest\w*|arr[êe]t[ée]{1,2}\b|last (?:week|month|march|winter|summer)"
    r"|le mois dernier|l'hiver dernier|overdose|surdose|flood|inondation|shooting|fusillade"
    r"|ferry|traversier|tornado|tornade|was elected|[ée]lue?)\b"
)
_AGE = re.compile(r"\b(?:\d{1,2}[ -]?(?:years?[ -]old|yo|y/o|ans)\b|aged? \d{1,2}|, \d{1,2}, )")
_CIRCLE = 220
# A place by its name, unless many live there.
_NAMED_PLACE = re.compile(
    r"\s(?:in|from|of|at|à|de|d'|du|au)\s?(?:la |le |l')?"
    r"(?P<place>[A-ZÀ-ÖØ-Ý][\w'À-ÿ-]{2,30}(?:\s[A-ZÀ-ÖØ-Ý][\w'À-ÿ-]{2,30})?)"
)
_PLACE_REACH = 40
_OF_A_NAMED_PLACE = re.compile(
    rf"\b(?:a|the|le|la|un|une)\s(?:[\w\-À-ÿ]{{1,30}}\s){{0,2}}?{_PERSON}(?=,?\s(?:\d|from|in|of|at|à|de|d'|du|au)\b)"
)


def recognize(read: Plain) -> Iterator[Found]:
    """Descriptions that fit one person, where a small place, an age or an event makes them sure."""
    around = Around(read)
    found: set[Found] = set()
    for pattern, needed in (
        (_KIN_OF, 1),
        (_NEWS_PERSON, 1),
        (_ONLY, 1),
        (_OF_THE_PLACE, 2),
        (_OF_A_NAMED_PLACE, 3),
    ):
        for match in pattern.finditer(around.lower):
            place = _named_place(around.text, match)
            if bool(place) + _points(around, match.start(), match.end()) >= needed:
                found.add(Found(match.start(), max(place, match.end()), "rare_combination"))
    yield from apart(sorted(found))


def _named_place(text: str, match: re.Match[str]) -> int:
    """Where the name of a small place ends that stands in a description or right after it; 0 without one."""
    for named in _NAMED_PLACE.finditer(text, match.start(), match.end() + _PLACE_REACH):
        if (
            named["place"].split("'")[-1] not in LARGE_PLACES
            and named["place"].split()[0] not in LARGE_PLACES
        ):
            return named.end()
    return 0


def _points(around: Around, start: int, end: int) -> int:
    """How many further details stand in or around: a small place, an age, an event."""
    details = (_SMALL_PLACE, _EVENT, _AGE)
    return sum(around.near(pattern, end, end, end - start + _CIRCLE) for pattern in details)
