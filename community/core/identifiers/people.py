"""Named persons near a clinical detail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from community.core.identifiers.around import Around
from community.core.identifiers.finding import Found, apart
from community.core.identifiers.normal import Plain
from community.core.identifiers.words import EPONYMS, FIRST_NAMES, INSTITUTIONS, NOT_SURNAMES

_CAP = (
    r"[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ']{1,20}(?:[A-Z][a-zà-öø-ÿ]{1,15})?(?:-[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ]{1,20})?"
    r"|[A-ZÀ-ÖØ-Ý]'[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ]{1,20}"
)
_SMALL = r"(?:de|du|des|de la|van|von|der|den|la|le|St\.|Ste\.|Saint|O')\s"
_FULL = rf"(?:{_CAP})(?:\s[A-Z]\.)?(?:\s(?:{_SMALL})?(?:{_CAP})){{0,2}}"
_INITIAL = rf"[A-ZÀ-ÖØ-Ý]\.(?:-?[A-ZÀ-ÖØ-Ý]\.)?(?:\s(?:{_CAP}))?(?!\w)"
_HONORIFIC = re.compile(
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Mme|Mlle|Monsieur|Madame|Mademoiselle)\b\.?\s(?P<name>{_FULL}|{_INITIAL})"
    rf"|(?<![\w.])M\.\s(?P<name2>{_FULL}|{_INITIAL})"
)
_ROLE = re.compile(
    r"\b(?=[^\W\d_])(?:(?i:pts?\.?|patiente?|clients?|cliente|usager|usag[èe]re|resident|r[ée]sidente?|son"
    r"|daughter|wife|husband|partner|mother|father|brother|sister|girlfriend"
    r"|boyfriend|cousin|friend|fils|fille|femme|mari|conjointe?|m[èe]re|p[èe]re|fr[èe]re"
    r"|s[œo]e?ur|blonde|chum|copain|copine|amie?|mentee|baby|b[ée]b[ée]|spouse|[ée]pouse"
    r"|[ée]poux|neighbou?r|voisine?|coll[èe]gue|coworker)"
    r"(?i:(?:[ ,]{1,2}(?:whom I will call|is|est|was|named|called|known as|is called|is named"
    r"|who is called|nomm[ée]e?|se nomme|s'appelle|appel[ée]e?|du nom de"
    r"|pr[ée]nomm[ée]e?)){0,2})"
    r"|(?i:patient|client|full|first|last)(?i: name| initials)?\s?[:=]"
    r"|(?i:nom(?: du patient| de la patiente| complet)?|pr[ée]nom|name)\s?[:=]"
    r"|(?i:her|his|their) name is|(?i:son nom est|s'appelle|se nomme|(?:named|called"
    r"|nomm[ée]e?)(?= [A-Z]))|(?i:name is|nom est))"
    rf"[ ,:]{{1,2}}(?P<name>{_FULL})"
)
_BARE = re.compile(r"(?:named|called|nomm)")
_LAST_FIRST = re.compile(
    r"(?<![\w])(?P<last>[A-ZÀ-ÖØ-Ý][A-ZÀ-ÖØ-Ý'\-]{2,25}(?: [A-ZÀ-ÖØ-Ý\-]{3,20})?), "
    r"(?P<first>[A-ZÀ-ÖØ-Ý][A-Za-zÀ-ÖØ-öø-ÿ\-]{1,20})(?: [A-Z]\.)?(?!\w)"
)
_FIRST = re.compile(
    rf"(?<![\w.'-])(?P<first>[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ]{{1,15}}(?:-[A-ZÀ-ÖØ-Ý][a-zà-öø-ÿ]{{1,15}})?)"
    rf"(?P<rest>(?:\s[A-Z]\.)?\s(?:{_SMALL})?(?:{_CAP}))?"
    rf"(?P<after>,? ?\(?(?:aged? "
    rf"|[âa]g[ée]e? de )?\d{{1,2}}(?: ?(?:ans|years? old|y/?o|yo|M|F)\b|[,)]))?"
)
_CLINICAL = re.compile(
    r"\b(?:patiente?|pts?|client(?:e)?|mg|mcg|ml|dos(?:e|es|age)|methadone|m[ée]thadone"
    r"|bupr[ée]?norphine|suboxone|sublocade|kadian|fentanyl|h[ée]ro[ïi]ne?|coca[ïi]ne?|crack"
    r"|meth|alcohol|alcool|drink|bo(?:it|ire)|opio[ïi]d(?:e|s|es)?"
    r"|overdos\w*|surdose\w*|naloxone|withdrawal|sevrage|detox|relaps\w*|rechut\w*|admitted"
    r"|admise?|hospitali\w+|discharged|diagnos\w*|prescri\w*|injection|inject\w*|urine|blood"
    r"|sang|pregnan\w*|enceinte"
    r"|hepatitis|h[ée]patite|hiv|vih|suicid\w*|depress\w*|d[ée]press\w*|cirrho\w*"
    r"|clonaz[ée]pam|benzo\w*|treatment|traitement|therapy|th[ée]rapie|shelter|refuge|clinic"
    r"|clinique|seizure|convuls\w*|platelets|plaquettes|qtc|carries|taper|symptom\w*|mental"
    r"|psycho\w*|anxi\w*|ptsd|naltrexone|gabapentin\w*|clonidine|acamprosate|baclof\w*|dilaudid"
    r"|hydromorph\w*|morphine|oxycod\w*"
    r"|amph[ée]tamin\w*|bact[ée]r[ié]\w*|endocardit\w*|abc[èe]s|abscess\w*|seps(?:is|ie)|intoxicat\w*"
    r"|intoxiqu\w*|emergency|urgence|addict\w*|d[ée]pendance|consomm\w*|use[sd]? drugs)\b"
)
_AUTHOR = re.compile(
    r"^\s?(?:et al|et coll|and colleagues|et ses coll|\(?(?:19|20)\d\d|,? (?:MD|PhD|M\.D|RN|NP"
    r"|professor|professeure?|psychoth\w+|m[ée]decin|infirmi\w+|pharmac\w+|physician|nurse"
    r"|counsell?or|social worker|travailleu\w+|peer worker|pair\w* aidante?|intervenante?)\b"
    r"|'s (?:study|paper|trial|book|work|rat)|(?:writes?|wrote|argues?|showed|found|published"
    r"|écri(?:t|vent)|publie))"
)
_REACH = 160


def recognize(read: Plain) -> Iterator[Found]:
    """Names near a clinical detail, each place once."""
    found = sorted(set(_names(Around(read))), key=lambda one: (one.start, -one.end))
    yield from apart(found)


def _names(around: Around) -> Iterator[Found]:
    text = around.text
    for pattern in (_HONORIFIC, _ROLE):
        for match in pattern.finditer(text):
            group = "name" if match["name"] else "name2"
            start, end = _name_in(text, *match.span(group))
            if (
                end > start
                and _counts(around, start, end)
                and (pattern is _HONORIFIC or _role_counts(text[start:end], match))
            ):
                yield Found(start, end, "name")
    for match in _LAST_FIRST.finditer(text):
        if match["first"].split("-")[0].capitalize() in FIRST_NAMES and _clinical(
            around, match.start(), match.end()
        ):
            yield Found(match.start(), match.end(), "name")
    yield from _by_first_name(around)


def _role_counts(name: str, match: re.Match[str]) -> bool:
    """After a bare role ("my sister Monday …") the word must look like a name, or be announced as one."""
    first = name.split()[0].split("-")[0]
    if first in FIRST_NAMES:
        return True
    said = match.group()[: -len(name)].casefold()
    if _BARE.match(said):  # "a syndrome called …"
        return False
    return " " in name or bool(re.search(r"[:=]|nam|call|nomm|appel|nom", said))


def _name_in(text: str, start: int, end: int) -> tuple[int, int]:
    """The words of a name without those that only begin a sentence."""
    words = list(re.finditer(r"\S+", text[start:end]))
    kept = 0
    for place, word in enumerate(words):
        if word.group().rstrip(".,") in NOT_SURNAMES:
            break
        kept = place + 1
    return (start, start + words[kept - 1].end()) if kept else (start, start)


def _counts(around: Around, start: int, end: int) -> bool:
    return _clinical(around, start, end) and not _is_known(around.text, start, end)


def _clinical(around: Around, start: int, end: int) -> bool:
    return around.near(_CLINICAL, start, end, _REACH)


def _is_known(text: str, start: int, end: int) -> bool:
    """An author, an eponym, the name of a place of care or of a law."""
    if _AUTHOR.match(text[end : end + 30]):
        return True
    words = re.split(r"[\s\-]", text[start:end])
    if any(word in EPONYMS for word in words):
        return True
    return _of_an_institution(text, start, end)


_BEFORE = re.compile(r"([\w'À-ÿ]+)[ \-]$")
_AFTER = re.compile(r"[ \-]([\w'À-ÿ]+)")
_REFERENCE_REACH = 4  # words: "Fred Hutchinson Cancer Research Center"


def _of_an_institution(text: str, start: int, end: int) -> bool:
    """Whether a word for an institution or a title stands right before, or one of its name soon after."""
    before = _BEFORE.search(text, max(0, start - 24), start)
    if before and before[1].lower().removeprefix("l'").removeprefix("d'") in INSTITUTIONS | _TITLES:
        return True
    if text[max(0, start - 4) : start].lower().endswith(("dr. ", "st. ")):
        return True
    at = end
    for place in range(_REFERENCE_REACH):
        after = _AFTER.match(text, at)
        if after is None:
            return False
        word = after[1].lower()
        if word in INSTITUTIONS and (place == 0 or after[1][0].isupper() or word in _OF_NAMES):
            return True
        at = after.end()
    return False


_OF_NAMES = frozenset(
    {"syndrome", "disease", "maladie", "encephalopathy", "scale", "score", "criteria", "trial"}
)
_TITLES = frozenset({"dr", "dre", "doctor", "docteur", "docteure", "professor", "professeur", "st", "saint"})


# Journals, drinks and substances that are called like a person.
_THINGS = re.compile(
    r"(?:Ann\.? (?:Intern|Emerg|Pharmacother|N Y|Fam|Surg|Oncol)|Jack Daniel|Mary Jane|Captain Morgan"
    r"|Johnn(?:y|ie)"
    r" Walker|Virginia Slims|St(?:e|\.)? |Marie[ -]Jeanne\b(?=,? (?:c'est|est|is|means|=))|Jim Beam"
    r"|Jos[ée] Cuervo)"
)


def _by_first_name(around: Around) -> Iterator[Found]:
    """ "Kevin Marlowe, 34, …", and a lone first name only with an age."""
    text = around.text
    at = 0
    while match := _FIRST.search(text, at):
        at = match.end("first")
        if match["first"].split("-")[0] not in FIRST_NAMES or _THINGS.match(text, match.start()):
            continue
        start, end = _name_in(
            text, match.start("first"), match.end("rest") if match["rest"] else match.end("first")
        )
        alone = " " not in text[start:end]
        if end <= start or (alone and not match["after"]) or not _counts(around, start, end):
            continue
        yield Found(start, end, "name")
        at = max(at, end)
