"""Whether a text hands over a way to be reached elsewhere: a number, an address, a handle. Pure, linear.

It is asked of what a new name writes in private: a first message that moves people off the site is how
selling, seeking and preying begin. It is a guard rail, not a filter: lines that everybody knows pass.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from datetime import date, timedelta

from community.core.identifiers import scan

NEW = timedelta(days=7)
_ELSEWHERE = frozenset({"phone", "email"})
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
# Ten digits in the groups people write, with or without the country's 1.
_PHONE = re.compile(r"(?<!\d)(?:\+?1[ .\-/]{0,2})?\(?\d{3}\)?[ .\-/]{0,2}\d{3}[ .\-/]{0,2}\d{4}(?!\d)")
_MAIL = re.compile(  # that there is one: of what stands before the sign its last letter is enough
    r"[a-z0-9._%+-]\s{0,2}(?:@|[\[(]\s?(?:at|a|arobase)\s?[\])]|\s(?:at|arobase)\s)\s{0,2}"
    r"[a-z0-9-]{1,63}\s{0,2}(?:\.|[\[(]\s?(?:dot|point)\s?[\])]|\s(?:dot|point)\s)\s{0,2}[a-z]{2,12}\b"
)
_APPS = (
    r"whats ?app|telegram|(?:my|mon|on|sur) signal|wickr|snap(?:chat)?|insta(?:gram)?|messenger|discord|"
    r"threema|viber|kik|facebook|fb|tiktok|skype|zangi"
)
# "on Signal: some_name", "mon Insta c'est some_name", "@some_name on Telegram".
_HANDLE = re.compile(
    rf"\b(?:{_APPS})\b[^\n]{{0,24}}?(?:[:=@]|\bis\b|\bc'est\b|\best\b)\s{{0,2}}@?[a-z0-9._-]{{3,40}}"
    rf"|(?<![\w@/.])@[a-z0-9._-]{{3,40}}[^\n]{{0,24}}?\b(?:{_APPS})\b"
    r"|\b(?:t|wa)\.me/[a-z0-9+_]{3,40}"
)
# Lines that are on every page of the site, and toll-free ones.
_PUBLIC = re.compile(
    r"(?<!\d)(?:\+?1[ .\-/]{0,2})?\(?8(?:00|33|44|55|66|77|88)\)?[ .\-/]{0,2}\d{3}[ .\-/]{0,2}\d{4}(?!\d)"
)


def hands_over(text: str) -> bool:
    """Whether the text holds a way to be reached elsewhere."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", text)).casefold().replace("’", "'")
    without = _PUBLIC.sub(" ", plain)
    if any(pattern.search(without) for pattern in (_PHONE, _MAIL, _HANDLE)):
        return True
    # In words, in pieces, behind marks that nobody sees: as the guard of patients reads it.
    return any(one.kind in _ELSEWHERE for one in scan(text).findings)


def may_be_new(made_on: date, today: date) -> bool:
    """Whether a name of this month may be younger than a week.

    Of a name only its month is kept, or its day could be matched to an account: it counts as new until
    its month is a week behind.
    """
    last = made_on.replace(day=calendar.monthrange(made_on.year, made_on.month)[1])
    return today - last < NEW
