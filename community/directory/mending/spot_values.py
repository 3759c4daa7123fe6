"""What may stand in each spot, and a sentence where it may not. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from community.core.errors import Invalid, Words
from community.core.tidy import tidy
from community.directory.hsds.checks import is_address, is_mail
from community.directory.opening import weekly

LONGEST = {
    "title": 200,
    "text": 4_000,
    "line": 300,
    "street": 120,
    "short": 60,
    "town": 80,
    "web": 300,
    "mail": 200,
    "extension": 10,
}
AGES = ("minimum_age", "maximum_age")
NOT_IN_ORDER = _l("The lowest age is above the highest one.")
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
_PHONE = re.compile(r"\+?[0-9(][0-9 ().\-]{1,38}[0-9]")
_POSTAL = re.compile(r"[A-Za-z]\d[A-Za-z][ -]?\d[A-Za-z]\d")
_STREET = re.compile(r"[\w .,'’#&()/\-]+")

_LONG = _l("This is too long: shorten it.")
_CUT_LINE = _l("This holds a character that cannot be stored. Remove it.")
_WRONG: dict[str, Words] = {
    "phone": _l("Write a telephone number in digits, for example 514 555-0100."),
    "web": _l("Write an address of the web that begins with https:// or http://."),
    "mail": _l("Write an e-mail address, for example info@example.org."),
    "extension": _l("Write the extension in digits alone, without a zero in front."),
    "age": _l("Write an age in whole years, from 0 to 120."),
    "days": _l("Write a number of days, from 0 to 1,000."),
    "hours": _l("Write hours such as 8:00-12:00, 13:00-16:30, or leave the day empty."),
    "postal": _l("Write a Canadian postal code, for example H0H 0H0."),
    "status": _l("Choose one of the list."),
    "street": _l("Write an address in letters, digits and plain punctuation."),
    "town": _l("Write an address in letters, digits and plain punctuation."),
}


def checked(field: str, form: str, typed: str) -> str:
    """What was typed as it is kept; "" for nothing. :raises Invalid: it may not stand there.

    :param form: what may stand there (``spots.FIELDS``).
    """
    words = tidy(typed)
    if "\x00" in words or any(ord(one) < 32 and one != "\n" for one in words) or _lone(words):
        raise Invalid(field, _CUT_LINE)
    if form not in {"text"}:
        words = " ".join(words.split())
    if not words:
        return ""
    if len(words) > LONGEST.get(form, 60) and form != "hours":
        raise Invalid(field, _LONG)
    kept = _READ[form](words) if form in _READ else words
    if kept is None:
        raise Invalid(field, _WRONG[form])
    return kept


def ages_in_order(ages: Mapping[str, str]) -> bool:
    """Whether somebody can be of the age that a service says, as far as it says one in figures.

    :param ages: what stands in ``minimum_age`` and ``maximum_age``, as it is typed.
    """
    least, most = (ages.get(name, "") for name in AGES)
    return not (least.isdigit() and most.isdigit()) or int(least) <= int(most)


def _lone(words: str) -> bool:
    return any(0xD800 <= ord(one) <= 0xDFFF for one in words)


def _phone(words: str) -> str | None:
    digits = sum(one.isdigit() for one in words)
    return words if _PHONE.fullmatch(words) and 3 <= digits <= 15 else _short_number(words)


def _short_number(words: str) -> str | None:
    return words if words.isascii() and words.isdigit() and len(words) == 3 else None


def _web(words: str) -> str | None:
    if not words.startswith(("https://", "http://")) or not is_address(words):
        return None
    parts = urlsplit(words)
    host = parts.hostname or ""
    return words if "." in host and not parts.username and not parts.password else None


def _mail(words: str) -> str | None:
    return words if is_mail(words) else None


def _extension(words: str) -> str | None:
    """HSDS has it as a number: zeros in front of it would be lost."""
    return words if words.isascii() and words.isdigit() and words == str(int(words)) else None


def _number(least: int, most: int) -> Callable[[str], str | None]:
    def read(words: str) -> str | None:
        whole = words.isascii() and words.isdigit() and len(words) <= 4
        return str(int(words)) if whole and least <= int(words) <= most else None

    return read


def _postal(words: str) -> str | None:
    if not _POSTAL.fullmatch(words):
        return None
    plain = words.replace(" ", "").replace("-", "").upper()
    return f"{plain[:3]} {plain[3:]}"


def _street(words: str) -> str | None:
    return words if _STREET.fullmatch(words) else None


def _status(words: str) -> str | None:
    return words if words in STATUSES else None


_READ: dict[str, Callable[[str], str | None]] = {
    "phone": _phone,
    "web": _web,
    "mail": _mail,
    "extension": _extension,
    "age": _number(0, 120),
    "days": _number(0, 1000),
    "hours": weekly.typed,
    "postal": _postal,
    "street": _street,
    "town": _street,
    "status": _status,
}
