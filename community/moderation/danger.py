"""Whether a text sounds as if somebody may be in danger now. Pure, and linear in the length of the text.

It opens a card with help lines and puts the message first in the queue; it never holds a message back and
tells nobody outside. It is made to find, not to be sure: what it finds too much costs one more look.
Patterns are read on folded words (no accents, no capitals), each with gaps of bounded length.
"""

from __future__ import annotations

import re

from community.core.folding import fold

KINDS = ("overdose", "suicide", "violence", "minor", "pregnancy")

_FR: dict[str, tuple[str, ...]] = {
    "suicide": (
        r"\b(?:veux|voudrais|souhaite|envie de) (?:juste |vraiment )?(?:mourir|crever|disparaitre"
        r"|en finir)\b",
        r"\b(?:veux|veut) plus (?:vivre|me reveiller|se reveiller)\b",
        r"\b(?:me|se|m'en) (?:tuer|suicider|pendre)\b|\bme tuerais\b|\b[ms]'enlever la vie\b",
        r"\bd'en finir\b|\ben finir (?:ce soir|avec la vie|une fois pour toutes)\b",
        r"\blettres? d'adieu\b|\bpour ma mort\b|\bmon dernier message\b|\braison de vivre\b",
        r"\bdisparaissais\b|\bmieux sans moi\b|\bpense (?:\w+ )?au suicide\b",
        r"\bj'ai des idees suicidaires\b|\b(?:surdose|overdose) expres\b",
        r"\bprendre toutes? (?:mes|les|ses) (?:pilules|comprimes|medicaments)\b",
        r"\bcoupee? les (?:bras|veines|poignets)\b|\bsauter (?:du|en bas du|d'un) pont\b",
        r"\bjusqu'a ce que ca arrete\b",
    ),
    "overdose": (
        r"\brespire (?:plus|pas|a peine|mal)\b|\bmal a respirer\b",
        r"\blevres (?:sont )?bleues\b|\breveille (?:pas|plus)\b|\bpas a (?:le|la|les) reveiller\b",
        r"\binconsciente?\b|\bsans connaissance\b|\bne bouge (?:plus|pas)\b|\bne revient pas\b",
        r"\b(?:vient|viens) de faire une (?:overdose|surdose)\b|\ben train de faire une (?:overdose"
        r"|surdose)\b",
        r"\bpris trop de\b|\btrop pris\b|\bpris toutes (?:ses|mes|les)\b|\bavale \d+\b",
        r"\b(?:elle|il) convulse\b|\bpouls (?:\w+ ){0,3}faible\b|\brester eveillee?\b",
        r"\bmal (?:dans la|a la) poitrine\b|\bvois des choses\b|\bsens plus mes (?:jambes|bras)\b",
    ),
    "minor": (
        r"\bj'ai (?:9|1[0-7]) ans\b(?! de| d')|\ben fugue\b|\bsuis en secondaire\b",
        r"\bde (?:[1-9]|1[0-7]) (?:ans|mois)\b.{0,60}\b(?:avale|patch|seringue|drogue|bu|fume|injecte)",
        r"\b(?:drogue|dope|pilules)\b.{0,40}\bde (?:[1-9]|1[0-7]) ans\b",
        r"\bbebe\b.{0,40}\b(?:avale|bu)\b|\benfants? (?:sont|est|reste\w*) seule?s?\b",
        r"\benfant\b.{0,40}\b(?:seringue|pique|avale)",
    ),
    "pregnancy": (
        r"\b(?:suis|est) enceinte\b.{0,90}\b(?:consomm|pren|coke|boi|arret|saigne|fentanyl|crack|alcool"
        r"|speed)",
        r"\bsaigne\b.{0,60}\benceinte\b|\benceinte,? j'ai\b|\bbouger (?:le|mon) bebe\b|\bbebe bouger\b",
    ),
    "violence": (
        r"\b(?:va|vais|allait|veut|veux) (?:me|le|la|nous les|les) tuer\b(?! avec leur)",
        r"\bm'a (?:battue?|frappee?|violee?|etranglee?)\b|\bil m'a battue?\b|\bviolee\b|\bme (?:frappe"
        r"|bat)\b",
        r"\bme retient\b|\ba (?:une arme|un couteau|un fusil|un gun)\b|\bmon fusil\b",
        r"\bfaire (?:du )?mal a (?:quelqu'un|lui|elle)\b|\bcasser les (?:jambes|bras|dents)\b",
        r"\bpeur de (?:rentrer|retourner) (?:chez|a la maison)?|\bmenace tout le monde\b",
        r"\bforce a (?:vendre mon corps|coucher)\b",
    ),
}
_EN: dict[str, tuple[str, ...]] = {
    "suicide": (
        r"\b(?:want|wanna|going|ready) (?:to )?(?:die|end it|end my life|kill myself|disappear)\b(?! of)",
        r"\bkill(?:ing)? (?:my|him|her|them)sel(?:f|ves)\b|\bkms\b|\bhang(?:ing)? myself\b"
        r"|\bend it tonight\b",
        r"\bdon'?t want to (?:live|wake up|be here|be alive)\b|\bnever wake up\b|\bwish i (?:was"
        r"|were) dead\b",
        r"\bgoodbye letters?\b|\bmy last (?:post|message)\b|\breason (?:left )?(?:for me )?to live\b",
        r"\bif i was gone\b|\bbetter off without me\b|\bi have suicidal thoughts\b|\b(?:my|her"
        r"|his) own life\b",
        r"\btake all my (?:pills|meds|medication)\b|\boverdose on purpose\b|\bcut (?:myself|my wrists?)\b",
        r"\bthinking (?:about|of) (?:jumping|suicide|ending)\b",
    ),
    "overdose": (
        r"\b(?:isn'?t|is not|not|barely|stopped) breathing\b|\bcan'?t breathe\b|\b(?:won'?t"
        r"|can'?t) wake (?:him|her|up)\b",
        r"\blips are (?:blue|grey|purple)\b|\bunconscious\b|\bnot (?:moving|coming back|responding)\b",
        r"\bhe just overdosed\b|\b(?:just|is|i'm|i am|was) overdos(?:ed|ing)\b|\boverdosing (?:right )?now\b",
        r"\btook too (?:much|many)\b|\bmethadone twice\b|\btook all (?:her|his|my|their)\b|\bswallowed \d+\b",
        r"\bhaving a seizure\b|\bpulse is (?:weak|slow)\b|\blooks gr[ea]y\b|\bpassed out\b",
        r"\bchest pain since\b|\bstay awake\b|\bseeing things\b",
    ),
    "minor": (
        r"\bi'?m (?:9|1[0-7])\b(?! (?:years|months) (?:sober|clean|in))|\bi am (?:9|1[0-7])\b"
        r"|\bran away\b|\bin grade (?:[5-9]|1[0-2])\b",
        r"\b(?:[1-9]|1[0-7])[- ]years?[- ]old\b.{0,50}\b(?:swallowed|drank|took|patch|drugs|inject)",
        r"\bdrugs?\b.{0,40}\b(?:[1-9]|1[0-7])[- ]years?[- ]old\b",
        r"\b(?:toddler|baby)\b.{0,40}\b(?:patch|pills?|drunk|drank|swallowed|methadone in)\b",
        r"\bkids? (?:are|is) alone\b|\bdad hits me\b|\bmom hits me\b",
    ),
    "pregnancy": (
        r"\bpregnant\b.{0,90}\b(?:i stopped|still using|use fentanyl|used coke|drinks|using)\b",
        r"\b(?:i'?m|i am)\b.{0,30}\bpregnant\b.{0,90}\b(?:us(?:e|ing|ed)|drink|coke|fentanyl|meth|crack)\b",
        r"\bbleeding\b.{0,40}\bpregnant\b|\bfeel the baby\b",
    ),
    "violence": (
        r"\b(?:going to|gonna|will|wants? to) kill (?:me|him|her|you|them)\b(?!sel)",
        r"\bbeat me\b|\bhits me\b|\bhas a (?:knife|gun|weapon)\b|\bmy gun\b|\braped\b"
        r"|\bwon'?t let me leave\b",
        r"\bhurt (?:someone|somebody|him|her)\b|\bbreak my (?:legs|arms)\b|\bafraid to go home\b",
        r"\bmakes me sell my body\b|\bthreatening everybody\b",
    ),
}
# Of guidance, teaching and memory: a text that says one of these is about danger, not in it, unless
# it also speaks of now.
_ABOUT = re.compile(
    r"\b(?:prevention|protocole?|formation|training|depistage|screening|workshop|atelier|taux de|rates?"
    r"|litterature|literature|comment reconnaitre|signes? d'une|signs? of|monitoring|how do you (?:assess"
    r"|treat)"
    r"|comment evaluer|programs? were|program links|revue de|(?:years|months) ago|il y a (?:\w+ )?ans"
    r"|a l'epoque"
    r"|back then|surveillance)\b"
)
_NOW = re.compile(
    r"\b(?:aidez|aide-moi|help me|please help|right now|en ce moment|tantot|ce soir|tonight"
    r"|qu'est-ce que je fais"
    r"|what do i do|vite)\b"
)
_PATTERNS = {kind: re.compile("|".join((*_FR[kind], *_EN[kind]))) for kind in KINDS}


def kinds(text: str) -> tuple[str, ...]:
    """The kinds of danger a text sounds like, the most urgent first; none for most texts."""
    words = " ".join(fold(text).split())
    if _ABOUT.search(words) and not _NOW.search(words):
        return ()
    return tuple(kind for kind in KINDS if _PATTERNS[kind].search(words))


def somebody_may_be(text: str) -> bool:
    """Whether somebody may be in danger."""
    return bool(kinds(text))
