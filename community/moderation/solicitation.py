"""Whether a text sells, seeks to buy, or asks for somebody who sells. Pure, linear in the length of the text.

What it finds waits for a moderator. Talk of drugs, of prices, of dealers is what this community is for: a
finding needs an offer or a request, in the first person or of whoever reads. Patterns are read on folded
words (no accents, no capitals), each with gaps of bounded length.
"""

from __future__ import annotations

import re
from functools import cache

from community.core.folding import fold

_DRUG = (
    r"(?:fent|fentanyl|dilaudids?|dillies|hydromorphones?|coke|cocaine|blanche|poudre|crack|speed|meth"
    r"|crystal|xanax"
    r"|benzos?|ativan|clonazepam|oxy\w*|percs?|percocets?|morphine|codeine|tramadol|kadian|ketamine|ghb"
    r"|mdma|acide?"
    r"|champignons|shrooms|pot|weed|edibles|carts|concerta|ritalin|vyvanse|adderall|dexedrine|methadone"
    r"|carries"
    r"|suboxone|heroine?|down|gabapentine?|lyrica|patchs|patches|script|ordonnances|kratom|tianeptine"
    r"|pilules|pills?"
    r"|take-home|good stuff|marchandise|stock|drugs?|drogue|dope|bars|points|dose)"
)
_SELLER = r"(?:plug|pusher|dealers?|vendeurs?|connect|connexion|connection|hook ?up|script doctor)"
_CONTACT = (
    r"(?:\bmp\b|\bdm\b|\bpm\b|\bhmu\b|hit me up|hit my line|\btxt me|text me|texte-moi|message me|msg for"
    r"|message-moi"
    r"|ecri(?:s|vez)[- ]moi|en prive|par message|private message|contactez|faites-moi signe|telegram"
    r"|wickr|signal\b"
    r"|whatsapp|\bsnap\b|snapchat|appelle-moi|envoie[- z]*moi|ask me for|demande-moi|\bmeet (?:me|you"
    r"|downtown)"
    r"|rencontre|faire offre)"
)
_PRICE = (
    r"(?:\d ?\$|\$ ?\d|\d (?:piasses?|piastres?|dollars|bucks)|\d (?:chaque|each|a pill|a gram|le gramme"
    r"|le film)|\bper pill"
    r"|l'unite|\bcash\b|je paie|i pay\b|i can pay|paying|will pay|e-transfer|interac|\bprix\b|\bprices?\b"
    r"|d'argent|crypto"
    r"|first come|payer|dollars)"
)
_SELL = (
    r"(?:\b(?:je|on) (?:re)?vends?\b|^vends?\b|^vente\b|\ba vendre\b|\bpour vendre\b|^dispo(?:nible)? ?:"
    r"|\bselling\b|^sell(?:ing)?\b"
    r"|\bto sell\b|\bfor sale\b|\bfs:|\bwts\b|\bin stock:|\bi can (?:sell|supply)\b|\bpeux vous fournir\b"
    r"|\bi have\b"
    r"|\bi've got (?:extra)?|\bi'm selling\b|\bgot (?:coke|methadone|some|extra)|\bj'ai (?:des?"
    r"|un surplus|de la)\b|\bil me reste\b"
    r"|\bj'echange\b|\btrade my\b|\bbulk prices\b|\bsold as\b)"
)
_BUY = (
    r"(?:\bcherche\b|\bj'achete\b|\bbesoin d|\bqui (?:a|vend|en a|peut m'avoir|en vend)\b"
    r"|\bquelqu'un (?:a|vend|peut)\b"
    r"|\by a-tu\b|\bwtb\b|\bbuying\b|\bto buy\b|\bneed\b|\blooking (?:for|to)\b|\biso\b|\bany(?:one"
    r"|body)\b|\bwho(?:'s| is| has)\b"
    r"|\bpercocets, je paie\b)"
)
_GAP = r".{0,60}"


def _near(*parts: str) -> str:
    """These one after the other, with little between them."""
    return _GAP.join(f"(?:{part})" for part in parts)


# Compiled when the first message is looked at: a third of a second that no start has to wait for.
@cache
def _found() -> re.Pattern[str]:
    return re.compile(
        "|".join(
            (
                # an offer
                _near(_SELL, rf"\b{_DRUG}\b", _PRICE),
                _near(_SELL, rf"\b{_DRUG}\b", _CONTACT),
                _near(_SELL, _PRICE, rf"\b{_DRUG}\b"),
                _near(rf"^(?:i have |j'ai |got )?{_GAP}\b{_DRUG}\b", _PRICE, _CONTACT),
                _near(
                    r"\b(?:livraison|livre|delivers?|delivery|we ship|will mail|je poste|promo|reup"
                    r"|commandes?|order by)\b",
                    f"(?:{_CONTACT}|{_PRICE})",
                ),
                _near(r"\b(?:je vends|je revends|i'm selling|selling my|wts)\b", rf"\b{_DRUG}\b"),
                _near(
                    r"\bfresh batch\b|\bgood stuff\b|\bdu stock\b|\bbulk prices\b|\bprix de gros\b",
                    f"(?:{_CONTACT}|{_PRICE}|555-)",
                ),
                _near(r"\b(?:appelle-moi|hit my line|call me|text me)\b", r"\b(?:du stock|good stuff)\b"),
                # a request
                _near(_BUY, rf"\b{_DRUG}\b", r"\b(?:a vendre|for sale|to sell|get rid of|vendre)\b"),
                _near(_BUY, rf"\b{_DRUG}\b", f"(?:{_PRICE}|{_CONTACT})"),
                _near(r"\b(?:ou|where)\b", r"\b(?:acheter|buy)\b", rf"\b{_DRUG}\b"),
                _near(
                    r"\b(?:cherche a (?:acheter|me procurer)|looking to (?:buy|score)|j'achete vos|qui vend"
                    r"|who sells|anyone selling|anybody selling|je cherche du|hook me up|sort me out|get me"
                    r"|iso)\b",
                    rf"\b{_DRUG}\b",
                ),
                r"\b(?:who's holding|anyone holding|qui a du stock)\b",
                # somebody who sells
                _near(
                    r"\b(?:cherche|besoin d'une?|connai(?:s|ssez|t)(?:-vous)? une?|looking for a|need a"
                    r"|know (?:a|who sells)|have a|donner le|give me your|avoir le)\b",
                    rf"\b{_SELLER}\b",
                ),
                _near(rf"\b{_SELLER} (?:available|fiable|serieux|dispo)\b", f"(?:{_CONTACT}|@|:)"),
                r"(?:🔌|❄️).{0,40}(?:\bdm\b|prive|snap|@|:)",
                r"\bask me for his number\b|\bdemande-moi son numero\b",
                # street words of a scale
                r"\bhalf ball\b.{0,30}\bball\b",
            )
        )
    )


# What makes it talk of care, of prevention, or of the past and of others.
@cache
def _care() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:naloxone|narcan|bandelettes?|test strips?|strips from|clinique|clinic|medecin"
        r"|doctor who prescribes|prescrit|prescribes|protocole?"
        r"|seringues?|needles|trousses?|kits? (?:are|left)|gratuite?s?(?:ment)?|for free|free\b|benevoles"
        r"|volunteers|comite|supervise\w*"
        r"|charte|charter|etude|study|soutien|support group|pair aidant|peer|detox|desintox|patients?"
        r"|menaced?|avec moi"
        r"|pharmac(?:ie|ies|y|ist|ien)|approvisionnement|safe supply|legal|surdose|overdose|ma fille|mon fils"
        r"|my son|my daughter|talk to)\b"
    )


# Plain enough to be found also beside words of care.
@cache
def _plain() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:sans (?:prescription|ordonnance)|without prescription)\b{_GAP}(?:{_CONTACT}|command|\?)"
        rf"|\b(?:i have|j'ai|je vends ma|i can sell you)\b{_GAP}\b(?:oxy|methadone|take-home)\b"
        rf"{_GAP}{_CONTACT}"
    )


def found_in(text: str) -> bool:
    """Whether the text offers or asks for what may not be traded here."""
    for line in text.splitlines():
        words = " ".join(fold(line).split())
        if _plain().search(words) or (_found().search(words) and not _care().search(words)):
            return True
    return False
