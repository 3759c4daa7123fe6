"""The words that stand beside numbers and say what they are, in French and English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

BEFORE = 48  # characters before a number in which its cue may stand
AFTER = 26

# Acronyms count in capitals only: "sin" and "nam" are words.
_KINDS = {
    "ramq": (
        r"(?i:carte[ -]soleil|r[ée]gie de l'assurance|assurance[ -]maladie"
        r"(?: (?:du|de la|de l'|de|des) ?[A-ZÀ-Ý][\w'À-ÿ-]{2,30}(?: [A-ZÀ-Ý][\w'À-ÿ-]{2,20}){0,2})?)"
        r"|(?:\bRAMQ|\bramq)(?![a-z])|\bN\.?A\.?M\b\.?"
    ),
    "ohip": (
        r"\b(?:OHIP|ohip)(?![^\W\d_])|(?i:carte sant[ée] de l'ontario|carte de l'ontario|ontario health"
        r"|version code|code de version)"
    ),
    "bc_phn": (
        r"(?i:\bpersonal health (?:number|no)|num[ée]ro personnel de sant[ée]|carecard|care card"
        r"|\bbc (?:services )?(?:card|number|health)|colombie-britannique|pharmanet)|C\.-B\."
    ),
    "sin": (
        r"(?i:social insurance|assurance[ -]sociale|\bs\.i\.n\.|\bn\.a\.s\.)|\b(?:SIN|NAS)(?![^\W\d_])"
        r"|(?i:\b(?:my|his|her|their|son|mon|le)\s+(?:sin|nas)\s+(?:is|est|#|number|:))"
        r"|(?i:\b(?:sin|nas)\s*(?:#|:|number|no\b))"
    ),
    "health": (
        r"(?i:health[ -](?:care |insurance )?(?:card|number|no\b|#)|carte[ -]sant[ée]"
        r"|num[ée]ro de sant[ée]|carte d'assurance|healthcare number|medicare (?:card|number|no)"
        r"|card n(?:o|umber)\b|carte n(?:o|um[ée]ro)\b|\bp\.h\.n\b\.?|\bh\.c\.n\b\.?)|\b(?:PHN|PHIN|HCN"
        r"|HSN|ULI|MCP|MSI|NIPM|NPS"
        r"|NIHB|AHCIP|MEDICARE|Medicare|medicare|phn|phin|hcn|mcp|msi|ahcip)(?![^\W\d_])"
    ),
    "record": r"(?i:\bdossier|\bchart|\bmrn\b|\bfile (?:no|number|#))",
    "phone": (
        r"(?i:\bt[ée]l(?:[ée]phone|\.)?s?\b|\bphones?\b|\bcell(?:ulaire|phone)?\b|\bfax\b"
        r"|\bt[ée]l[ée]copieur|\bcall(?:ed)?\b|\btext(?:ez|ed|o)?\b|\bappel(?:ez|er|le)\b"
        r"|\bjoin(?:dre|t)\b|\breach\b|\brappel(?:ez|er)\b|\bmobile\b|\bwhatsapp\b|\bsignal\b"
        r"|\bsms\b|\bring\b|\bpager\b|\bt[ée]l\b)"
    ),
    "other": (
        r"(?i:\b(?:pmid|pmcid|isbn|issn|orcid|doi|din|npn"
        r"|lot|nct|isrctn|arxiv|grant|invoice|facture|subvention|po box)\b|\b(?:RC|RR|RT) ?0001)"
    ),
    # Right before: of a trial, a parcel.
    "numbered": (
        r"(?i:\b(?:study|[ée]tude|order|commande|ticket|billet|protocole?)(?=(?: (?:no|number|id"
        r"|n[o°])\.?)?[ :#]{0,3}$))"
    ),
}
# What is measured again and again, right before: a row of such figures is no number of a person.
_KINDS["measure"] = (
    r"(?i:\b(?:qtc?|ast|alt|ggt|alp|ldh|c[pk]k|inr|rni|platelets?|plaquettes|plt|weights?|poids"
    r"|dos(?:es?|age)"
    r"|levels?|taux|ciwa(?:-ar)?|cows|coos|scores?|glucose|glyc[ée]mies?|ferritine?|cr[ée]atinine|lipase|cd4"
    r"|pulse|pouls|heart rate|bp|hr|ta|fc|counts?|d[ée]comptes?|values?|valeurs?|results?|r[ée]sultats?"
    r"|mesures?|readings?|paliers?)"
    r"(?=\W{0,3}(?:(?:was|were|is|are|of|at|de|[ée]tai(?:t|ent)|[àa])\W{1,2})?$))"
)
# The letters that each begins with: looked at first, as at most places none begins.
_FIRST = {
    "ramq": "carn",
    "ohip": "cov",
    "bc_phn": "bcnp",
    "sin": "ahlmnst",
    "health": "achmnpu",
    "record": "cdfm",
    "phone": "acfjmprstw",
    "other": "adfgilnoprs",
    "numbered": "bceépost",
    "measure": "abcdfghilmpqrstvw",
}
_CUE = re.compile("|".join(f"(?P<{kind}>(?i:(?=[{_FIRST[kind]}])){how})" for kind, how in _KINDS.items()))
# In small letters, what every cue holds one of: a text without any need not be asked for each of them.
_STEMS = (
    *("soleil", "assurance", "ramq", "nam", "n.a", "na."),
    *("ohip", "carte", "ontario", "version", "health", "personal", "personnel", "care", "bc ", "colombie"),
    *("pharmanet", "c.-b.", "social", "s.i.n", "sin", "nas", "sant", "card", "phn", "phin", "hcn", "hsn"),
    *("uli", "mcp", "msi", "nipm", "nps", "nihb", "ahcip"),
    *("dossier", "chart", "mrn", "file"),
    *("tel", "tél", "phone", "cell", "fax", "call", "text", "appel", "join", "reach", "mobile", "whatsapp"),
    *("signal", "sms", "ring", "pager"),
    *("pmid", "pmcid", "isbn", "issn", "orcid", "doi", "din", "npn", "lot", "nct", "isrctn", "arxiv"),
    *("qt", "ast", "alt", "ggt", "alp", "ldh", "ck", "inr", "rni", "plaq", "plt", "weight", "poids", "dos"),
    *(
        "level",
        "taux",
        "ciwa",
        "cows",
        "coos",
        "score",
        "gluco",
        "glyc",
        "ferrit",
        "atinine",
        "lipase",
        "cd4",
    ),
    *(
        "pulse",
        "pouls",
        "rate",
        "bp",
        "hr",
        "ta",
        "fc",
        "count",
        "compte",
        "valu",
        "valeur",
        "result",
        "sultat",
    ),
    *("mesure", "reading", "palier"),
    *("tude", "study", "order", "commande", "ticket", "billet", "protocol", "p.h.n", "h.c.n"),
    *("grant", "invoice", "facture", "subvention", "po box", "0001"),
)
_RIGHT_BEFORE = frozenset({"measure", "numbered"})
HEALTH = frozenset({"ramq", "ohip", "bc_phn", "health"})


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(_KINDS)


def stems_in(text: str) -> tuple[str, ...]:
    """The stems of cues that a text holds somewhere: the others are looked for in no part of it."""
    small = text.lower()
    return tuple(stem for stem in _STEMS if stem in small)


def _may_hold(window: str, stems: Iterable[str] = _STEMS) -> bool:
    small = window.lower()
    return any(stem in small for stem in stems)


def nearest_before(text: str, start: int) -> tuple[str, int]:
    """The kind of the cue nearest before a place, and where it ends; no text without one."""
    low = max(0, start - BEFORE)
    found = list(_CUE.finditer(text[low:start])) if _may_hold(text[low:start]) else []
    last = found[-1] if found else None
    return (last.lastgroup or "", low + last.end()) if last else ("", start)


class Before:
    """The cues before the numbers of a text, which are asked for in their order."""

    def __init__(self, text: str) -> None:
        self.stems = stems_in(text)
        self._text, self._read = text, 0
        self._last: re.Match[str] | None = None

    def nearest(self, start: int) -> tuple[str, int]:
        """As ``nearest_before``; each part of the text is read once."""
        low = max(self._read, start - BEFORE)
        self._read = start
        right_before = None
        if _may_hold(self._text[low:start], self.stems):
            for match in _CUE.finditer(self._text, low, start):
                right_before = match
                if match.lastgroup not in _RIGHT_BEFORE:
                    self._last = match
        cue = right_before or self._last
        if cue is None or cue.start() < start - BEFORE:
            return "", start
        return cue.lastgroup or "", cue.end()


def nearest_after(text: str, end: int, stems: Iterable[str] = _STEMS) -> str:
    """The kind of the first cue after a place, in the same sentence.

    :param stems: those of the whole text, where they are known (``stems_in``).
    """
    window = re.split(r"[.;!?\n]", text[end : end + AFTER], maxsplit=1)[0]
    found = _CUE.search(window) if _may_hold(window, stems) else None
    return (found.lastgroup or "") if found else ""
