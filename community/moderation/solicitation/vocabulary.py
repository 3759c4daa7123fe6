"""What is traded, who trades, and the words of a sale, as patterns on folded words."""

from __future__ import annotations

DRUG = (
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
STREET = (
    r"(?:fent|dillies|dilau\w*|coke|cocaine|crack|speed|meth|crystal|xanax|xans?|xannies|oxy\w*|percs?"
    r"|ket|keta|ketamine"
    r"|ghb|mdma|molly|shrooms|heroine?|blues|down|roche|poudre|weed|pot|adderall|addys?|ritalin"
    r"|dexedrine|mescaline|benzos?"
    r"|[234]-?[cfm]mc|acid|lsd|dope|pills?|pilules|hydromorph\w*|clonazepam|puff|peanuts)"
)
SELLER = (
    r"(?:plugs?|pushers?|dealers?|vendeurs?|source fiable|solid source|connect|connexion|connection|hook ?up"
    r"|script doctor)"
)
CONTACT = (
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
PRICE = (
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
SELL = (
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
BUY = (
    r"(?:\bcherche\b|\bj'achete\b|\bbesoin d|\bqui (?:a|vend|en a|peut m'avoir|en vend)\b"
    r"|\bquelqu'un (?:a|vend|peut)\b"
    r"|\by a-tu\b|\bwtb\b|\bbuying\b|\bto buy\b|\bneed\b|\blooking (?:for|to)\b|\biso\b|\bany(?:one"
    r"|body)\b|\bwho(?:'s| is| has)\b"
    r"|\bpercocets, je paie\b|^achete\b|\bin search of\b|\brecherche\b|^besoin\b|\bwant\b|\bwanted\b|^prix\b)"
)
SHIP = r"\b(?:livraison|livre|delivery|delivers?|shipping|ships?|envoi|canada ?wide|partout au)\b"
# Between two parts: bounded, so that reading stays linear.
GAP = r".{0,60}"


def near(*parts: str) -> str:
    """These one after the other, with little between them."""
    return GAP.join(f"(?:{part})" for part in parts)


def parts_of(pattern: str) -> tuple[str, ...]:
    """What a pattern of :func:`near` is made of: each stands wherever the whole does. One with a gap within a
    part is given back whole."""
    parts = pattern.split(GAP)
    whole = all(part.count("(") == part.count(")") for part in parts)
    return tuple(parts) if whole else (pattern,)
