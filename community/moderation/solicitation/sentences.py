"""What people write who trade, as patterns on folded words: each a few parts with little between them."""

from __future__ import annotations

from community.moderation.solicitation.vocabulary import (
    BUY,
    CONTACT,
    DRUG,
    GAP,
    PRICE,
    SELL,
    SELLER,
    SHIP,
    STREET,
    near,
)

# Somebody has it and says so.
OFFERS: tuple[str, ...] = (
    near(SELL, rf"\b{DRUG}\b", PRICE),
    near(SELL, rf"\b{DRUG}\b", CONTACT),
    near(SELL, PRICE, rf"\b{DRUG}\b"),
    near(rf"^(?:i have |j'ai |got )?{GAP}\b{DRUG}\b", PRICE, CONTACT),
    near(
        r"\b(?:livraison|livre|delivers?|delivery|we ship|will mail|je poste|promo|reup"
        r"|commandes?|order by)\b",
        f"(?:{CONTACT}|{PRICE})",
    ),
    near(r"\b(?:je vends|je revends|i'm selling|selling my|wts)\b", rf"\b{DRUG}\b"),
    near(
        r"\bfresh batch\b|\bgood stuff\b|\bdu stock\b|\bbulk prices\b|\bprix de gros\b",
        f"(?:{CONTACT}|{PRICE}|555-)",
    ),
    near(r"\b(?:appelle-moi|hit my line|call me|text me)\b", r"\b(?:du stock|good stuff)\b"),
)
# Somebody wants it.
REQUESTS: tuple[str, ...] = (
    near(BUY, rf"\b{DRUG}\b", r"\b(?:a vendre|for sale|to sell|get rid of|vendre)\b"),
    near(BUY, rf"\b{DRUG}\b", f"(?:{PRICE}|{CONTACT})"),
    near(r"\b(?:ou|where)\b", r"\b(?:acheter|buy)\b", rf"\b{DRUG}\b"),
    near(
        r"\b(?:cherche a (?:acheter|me procurer)|looking to (?:buy|score)|j'achete vos|qui vend"
        r"|who sells|anyone selling|anybody selling|je cherche du|hook me up|sort me out|get me"
        r"|iso)\b",
        rf"\b{DRUG}\b",
    ),
    r"\b(?:who's holding|anyone holding|qui a du stock)\b",
    r"\b(?:where|who) (?:can|could|do|does|would) (?:i|we|u|you|one|somebody"
    r"|someone) (?:score|cop|pick up)\b",
    near(r"\bou\b.{0,20}\b(?:pogner|trouver|acheter|procurer|scorer)\b", rf"\b{STREET}\b"),
    r"\b(?:can|could|will|would) (?:some|any)(?:one|body) (?:please )?sell me\b",
    near(r"\bquelqu'un (?:aurait|pourrait|peut|a)\b", rf"\b{DRUG}\b", r"\b(?:a|me|m'en) vendre\b"),
    near(
        rf"^(?:\w+ )?(?:qui|who) (?:a|aurait|has|got|vend|sells|delivers|livre) (?:du|de la"
        rf"|des|any|some|good)? ?{STREET}\b"
    ),
    near(
        r"\b(?:any(?:one|body)|some(?:one|body))\b.{0,25}\b(?:have|has|got|with)\b",
        rf"\b{STREET}\b",
        r"\bpart with\b|\bto spare\b|\bextra\b",
    ),
    near(
        r"\b(?:trading|trade|swap(?:ping)?|echange|j'echange)\b.{0,15}",
        rf"\b{DRUG}\b.{{0,20}}\b(?:for|contre|pour)\b",
        rf"\b{DRUG}\b",
    ),
    near(
        r"\b(?:peut|can|could|pourrait)\b.{0,15}\b(?:me depanner|help me out|me passer)\b",
        f"(?:{STREET}|{PRICE})",
    ),
    near(
        rf"\b{STREET}\b",
        r"\b(?:can|could|peut|pourrait)\b.{0,15}\b(?:me depanner|help me out)\b",
        PRICE,
    ),
    near(r"\b(?:a passer|a donner contre|a echanger|to get rid of|to part with)\b"),
    near(r"\b(?:commande de groupe|group (?:order|buy))\b", f"(?:{PRICE}|{DRUG})"),
)
# No whole sentence: a thing, a price, a way to meet or a delivery, in whatever order.
ADVERTISEMENTS: tuple[str, ...] = (
    near(PRICE, rf"\b{DRUG}\b", CONTACT),
    near(CONTACT, rf"\b{DRUG}\b", rf"(?:{PRICE}|\blivr\w+|\bdeliver\w*)"),
    near(CONTACT, r"\b(?:fresh batch|new batch|fast drops|menu|price ?list|liste de prix)\b"),
    near(r"\b(?:fresh batch|new batch|fast drops|menu|price ?list|liste de prix)\b", CONTACT),
    near(SHIP, rf"(?:\b{DRUG}\b|💊|❄️|🍄|🌿)", f"(?:{PRICE}|{CONTACT}|ask|bulk|discount)"),
    near(rf"(?:\b{STREET}\b)", PRICE, SHIP),
    near(r"(?:💊|❄️|🍄|🍁|🐴|🧊)", rf"(?:{SHIP}|{CONTACT}|{PRICE})"),
    near(rf"(?:{CONTACT}|{SHIP})", r"(?:💊|❄️|🍄|🍁|🐴|🧊)"),
    near(r"\b(?:a vendre|for sale|wts|fs)\b", rf"\b{DRUG}\b", f"(?:{PRICE}|{CONTACT})"),
    near(rf"\b{DRUG}\b", r"\b(?:a vendre|for sale)\b", f"(?:{PRICE}|{CONTACT})"),
    r"\bi can (?:get|find|hook) (?:you|u)\b.{0,20}\b(?:some|up|any)\b|\bje peux (?:te|t'en"
    r"|vous) (?:en )?(?:trouver|avoir|fournir)\b",
)
# Somebody else who sells: asked for, praised, passed on.
SUPPLIERS: tuple[str, ...] = (
    near(
        r"\b(?:any(?:one|body)|some(?:one|body)|quelqu'un|qui)\b.{0,25}\b(?:got|have|has"
        r"|knows?|connait|aurait|a)\b.{0,12}",
        rf"\b{SELLER}\b.{{0,30}}(?:\bin\b|\ba\b|\bnear\b|\baround\b|\?|{CONTACT})",
    ),
    near(
        r"\b(?:my|mon|ma) (?:guy|gars|plug|dealers?|pusher|vendeur|connect)\b.{0,25}",
        r"\b(?:taking|takes new|new (?:customers|clients)|nouveaux clients|delivers|livre"
        r"|has (?:clean|good|fire|fresh)|en prive|reliable|fiable)\b",
    ),
    near(
        r"\b(?:number|numero|contact|info|snap)\b.{0,6}\b(?:of|for|de|du) (?:my|mon|ma|a"
        r"|un) (?:guy|gars|plug|dealer|pusher|vendeur|connect)"
    ),
    near(
        r"\b(?:cherche|recherche|looking for|need|besoin d)\b.{0,12}\b(?:gars|guy|someone"
        r"|quelqu'un|plan|hook ?up)\b.{0,20}",
        rf"\b(?:livre|vend|sells|delivers|pour|for|with)\b.{{0,25}}\b{STREET}\b",
    ),
    near(
        r"\b(?:cherche|besoin d'une?|connai(?:s|ssez|t)(?:-vous)? une?|looking for a|need a"
        r"|know (?:a|who sells)|have a|donner le|give me your|avoir le)\b",
        rf"\b{SELLER}\b",
    ),
    near(rf"\b{SELLER} (?:available|fiable|serieux|dispo)\b", f"(?:{CONTACT}|@|:)"),
    r"(?:🔌|❄️).{0,40}(?:\bdm\b|prive|snap|@|:)",
    r"\bask me for his number\b|\bdemande-moi son numero\b",
    # street words of a scale
    r"\bhalf ball\b.{0,30}\bball\b",
)
# What makes it talk of care, of prevention, or of the past and of others.
CARE = (
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
PLAIN = (
    rf"\b(?:sans (?:prescription|ordonnance)|without prescription)\b{GAP}(?:{CONTACT}|command|\?)"
    rf"|\b(?:i have|j'ai|je vends ma|i can sell you)\b{GAP}\b(?:oxy|methadone|take-home)\b"
    rf"{GAP}{CONTACT}"
)
