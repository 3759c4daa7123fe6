"""Whether a text sells, seeks to buy, or asks for somebody who sells. Pure, linear in the length of the text.

What it finds waits for a moderator. Talk of drugs, of prices, of dealers is what this community is for: a
finding needs an offer or a request, in the first person or of whoever reads. Patterns are read on folded
words (no accents, no capitals), each with gaps of bounded length.
"""

from __future__ import annotations

import re
from functools import cache

from community.core.folding import fold
from community.moderation.bargain import looks_like_one, speaks_against

_DRUG = (
    r"(?:fent|fentanyl|dilaudids?|dillies|hydromorphones?|coke|cocaine|blanche|poudre|crack|speed|meth"
    r"|crystal|xanax"
    r"|benzos?|ativan|clonazepam|oxy\w*|percs?|percocets?|morphine|codeine|tramadol|kadian|ketamine|ghb"
    r"|mdma|acide?"
    r"|champignons|shrooms|pot|weed|edibles|carts|concerta|ritalin|vyvanse|adderall|dexedrine|methadone"
    r"|carries"
    r"|suboxone|heroine?|down|gabapentine?|lyrica|patchs|patches|script|ordonnances|kratom|tianeptine"
    r"|pilules|pills?"
    r"|take-home|good stuff|marchandise|stock|drugs?|drogue|dope|bars|points|dose"
    # as it is called in the street, and what is passed on
    r"|blues|subs|buprenorphine|hydromorph\w*|metha|dilau\w*|xans?|xannies|addys?|dexies|gabb?ies|lean"
    r"|ket|keta"
    r"|molly|lsd|mescaline|mesc|[234]-?[cfm]mc|2c-?b|dmt|roche|puff|peanuts|hasch|hash"
    r"|mushrooms|(?:good|clean|some|any|of|iso|du|de la|le) (?:soft|hard|fort|white|snow|neige|side"
    r"|rock|tina|acid|wax|mush)|poppers|pressed|pressees?|flacons de \w+|bottles? of done"
    r"|clean (?:pee|piss|urine)|urine propre|opium|nitazenes?|tranq)"
)
# A drug by a name that is hardly anything else: with these a request alone is plain.
_STREET = (
    r"(?:fent|dillies|dilau\w*|coke|cocaine|crack|speed|meth|crystal|xanax|xans?|xannies|oxy\w*|percs?"
    r"|ket|keta|ketamine"
    r"|ghb|mdma|molly|shrooms|heroine?|blues|down|roche|poudre|weed|pot|adderall|addys?|ritalin"
    r"|dexedrine|mescaline|benzos?"
    r"|[234]-?[cfm]mc|acid|lsd|dope|pills?|pilules|hydromorph\w*|clonazepam|puff|peanuts)"
)
_SELLER = (
    r"(?:plugs?|pushers?|dealers?|vendeurs?|source fiable|solid source|connect|connexion|connection|hook ?up"
    r"|script doctor)"
)
_CONTACT = (
    r"(?:\bmp\b|\bdm\b|\bpm\b|\bhmu\b|hit me up|hit my line|\btxt me|text me|texte-moi|message me|msg for"
    r"|message-moi"
    r"|ecri(?:s|vez)[- ]moi|en prive|par message|private message|contactez|faites-moi signe|telegram"
    r"|wickr|signal\b"
    r"|whatsapp|\bsnap\b|snapchat|appelle-moi|envoie[- z]*moi|ask me for|demande-moi|\bmeet (?:me|you"
    r"|downtown)"
    r"|rencontre|faire offre|\binbox\b|\bmsg\b|\btele ?[:@]|\bkik\b|\bsession\b ?:|ajoute[zr]?-moi"
    r"|add me|contact me"
    r"|make (?:me )?an offer|une offre|offers? welcome|on request|sur demande|\bin(?:to)? my dms\b|slide in"
    r"|\bmeet (?:at|by|near|behind|up)|hit (?:me|my)\b|ecri(?:s|vez)\b|texte[zr]?\b)"
)
_PRICE = (
    r"(?:\d ?\$|\$ ?\d|\d (?:piasses?|piastres?|dollars|bucks)|\d (?:chaque|each|a pill|a gram|le gramme"
    r"|le film)|\bper pill"
    r"|\d (?:a|la|le|per|par|the|/) ?(?:ball|balle|gram(?:me)?s?|g|pt|point|pill?|pilule|pop|piece|half"
    r"|quart|bag|sac|film|strip)\b"
    r"|\d ?/ ?(?:pt|g|ea|pill)\b|\b(?:five|ten|fifteen|twenty|cinq|dix|quinze|vingt) (?:dollars|bucks"
    r"|piasses|piastres)"
    r"|\ba piece\b|\bla piece\b|bas prix|pas chere?s?\b|bon prix|good prices?|je paye|l'unite|\bcash\b"
    r"|je paie|i pay\b|i can pay|paying|will pay|e-transfer|interac|\bprix\b|\bprices?\b"
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
    r"|\bj'echange\b|\btrade my\b|\bbulk prices\b|\bsold as\b|\bmy guy (?:has|got)\b|\bmon gars (?:a"
    r"|vend)\b|\bleft ?over\b|\bextra\b"
    r"|\b(?:j'ai|jai) (?:de la|du|des|quelques)\b|^got\b|^have\b)"
)
_BUY = (
    r"(?:\bcherche\b|\bj'achete\b|\bbesoin d|\bqui (?:a|vend|en a|peut m'avoir|en vend)\b"
    r"|\bquelqu'un (?:a|vend|peut)\b"
    r"|\by a-tu\b|\bwtb\b|\bbuying\b|\bto buy\b|\bneed\b|\blooking (?:for|to)\b|\biso\b|\bany(?:one"
    r"|body)\b|\bwho(?:'s| is| has)\b"
    r"|\bpercocets, je paie\b|^achete\b|\bin search of\b|\brecherche\b|^besoin\b|\bwant\b|\bwanted\b|^prix\b)"
)
_SHIP = r"\b(?:livraison|livre|delivery|delivers?|shipping|ships?|envoi|canada ?wide|partout au)\b"
_GAP = r".{0,60}"
_REPEATED = re.compile(r"(.)\1{3,}")


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
                r"\b(?:where|who) (?:can|could|do|does|would) (?:i|we|u|you|one|somebody"
                r"|someone) (?:score|cop|pick up)\b",
                _near(r"\bou\b.{0,20}\b(?:pogner|trouver|acheter|procurer|scorer)\b", rf"\b{_STREET}\b"),
                r"\b(?:can|could|will|would) (?:some|any)(?:one|body) (?:please )?sell me\b",
                _near(
                    r"\bquelqu'un (?:aurait|pourrait|peut|a)\b", rf"\b{_DRUG}\b", r"\b(?:a|me|m'en) vendre\b"
                ),
                _near(
                    rf"^(?:\w+ )?(?:qui|who) (?:a|aurait|has|got|vend|sells|delivers|livre) (?:du|de la"
                    rf"|des|any|some|good)? ?{_STREET}\b"
                ),
                _near(
                    r"\b(?:any(?:one|body)|some(?:one|body))\b.{0,25}\b(?:have|has|got|with)\b",
                    rf"\b{_STREET}\b",
                    r"\bpart with\b|\bto spare\b|\bextra\b",
                ),
                _near(
                    r"\b(?:trading|trade|swap(?:ping)?|echange|j'echange)\b.{0,15}",
                    rf"\b{_DRUG}\b.{{0,20}}\b(?:for|contre|pour)\b",
                    rf"\b{_DRUG}\b",
                ),
                _near(
                    r"\b(?:peut|can|could|pourrait)\b.{0,15}\b(?:me depanner|help me out|me passer)\b",
                    f"(?:{_STREET}|{_PRICE})",
                ),
                _near(
                    rf"\b{_STREET}\b",
                    r"\b(?:can|could|peut|pourrait)\b.{0,15}\b(?:me depanner|help me out)\b",
                    _PRICE,
                ),
                _near(r"\b(?:a passer|a donner contre|a echanger|to get rid of|to part with)\b"),
                _near(r"\b(?:commande de groupe|group (?:order|buy))\b", f"(?:{_PRICE}|{_DRUG})"),
                _near(_PRICE, rf"\b{_DRUG}\b", _CONTACT),
                _near(_CONTACT, rf"\b{_DRUG}\b", rf"(?:{_PRICE}|\blivr\w+|\bdeliver\w*)"),
                _near(_CONTACT, r"\b(?:fresh batch|new batch|fast drops|menu|price ?list|liste de prix)\b"),
                _near(r"\b(?:fresh batch|new batch|fast drops|menu|price ?list|liste de prix)\b", _CONTACT),
                _near(_SHIP, rf"(?:\b{_DRUG}\b|💊|❄️|🍄|🌿)", f"(?:{_PRICE}|{_CONTACT}|ask|bulk|discount)"),
                _near(rf"(?:\b{_STREET}\b)", _PRICE, _SHIP),
                _near(r"(?:💊|❄️|🍄|🍁|🐴|🧊)", rf"(?:{_SHIP}|{_CONTACT}|{_PRICE})"),
                _near(rf"(?:{_CONTACT}|{_SHIP})", r"(?:💊|❄️|🍄|🍁|🐴|🧊)"),
                _near(r"\b(?:a vendre|for sale|wts|fs)\b", rf"\b{_DRUG}\b", f"(?:{_PRICE}|{_CONTACT})"),
                _near(rf"\b{_DRUG}\b", r"\b(?:a vendre|for sale)\b", f"(?:{_PRICE}|{_CONTACT})"),
                r"\bi can (?:get|find|hook) (?:you|u)\b.{0,20}\b(?:some|up|any)\b|\bje peux (?:te|t'en"
                r"|vous) (?:en )?(?:trouver|avoir|fournir)\b",
                # somebody who sells
                _near(
                    r"\b(?:any(?:one|body)|some(?:one|body)|quelqu'un|qui)\b.{0,25}\b(?:got|have|has"
                    r"|knows?|connait|aurait|a)\b.{0,12}",
                    rf"\b{_SELLER}\b.{{0,30}}(?:\bin\b|\ba\b|\bnear\b|\baround\b|\?|{_CONTACT})",
                ),
                _near(
                    r"\b(?:my|mon|ma) (?:guy|gars|plug|dealers?|pusher|vendeur|connect)\b.{0,25}",
                    r"\b(?:taking|takes new|new (?:customers|clients)|nouveaux clients|delivers|livre"
                    r"|has (?:clean|good|fire|fresh)|en prive|reliable|fiable)\b",
                ),
                _near(
                    r"\b(?:number|numero|contact|info|snap)\b.{0,6}\b(?:of|for|de|du) (?:my|mon|ma|a"
                    r"|un) (?:guy|gars|plug|dealer|pusher|vendeur|connect)"
                ),
                _near(
                    r"\b(?:cherche|recherche|looking for|need|besoin d)\b.{0,12}\b(?:gars|guy|someone"
                    r"|quelqu'un|plan|hook ?up)\b.{0,20}",
                    rf"\b(?:livre|vend|sells|delivers|pour|for|with)\b.{{0,25}}\b{_STREET}\b",
                ),
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
        r"|seringues?|needles|trousses?|kits? (?:are|left)|gratuite?s?(?:ment)?|for free|(?<!-)free\b"
        r"|par trajet|per trip|benevoles"
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
        words = _REPEATED.sub(r"\1\1\1", " ".join(fold(line).split()))
        if _plain().search(words) or looks_like_one(words):
            return True
        if _found().search(words) and not _care().search(words) and not speaks_against(words):
            return True
    return False
