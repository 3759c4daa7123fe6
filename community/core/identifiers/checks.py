"""The check rules of numbers, from public descriptions, each tested with numbers of its own.

That of Québec is often quoted wrongly: the birth month of women is raised by fifty in the number, and
the rule wants the true month.
"""

from __future__ import annotations

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_BC_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3)
_RAMQ_WEIGHTS = (1, 3, 7, 9, 1, 7, 1, 3, 4, 5, 7, 6, 9, 1)
# The codes of EBCDIC, in which the rule was written.
_EBCDIC = {
    **{letter: 193 + n for n, letter in enumerate("ABCDEFGHI")},
    **{letter: 209 + n for n, letter in enumerate("JKLMNOPQR")},
    **{letter: 226 + n for n, letter in enumerate("STUVWXYZ")},
    **{digit: 240 + n for n, digit in enumerate("0123456789")},
}
_WOMEN = 50
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ELEVENTH = frozenset("123456789ABCDEFGHJKLMNPQRSTUVWXYZ")


def luhn(digits: str) -> bool:
    """Ontario health numbers and social insurance numbers."""
    plain, doubled = map(int, digits[-1::-2]), map(_DOUBLED.__getitem__, map(int, digits[-2::-2]))
    return (sum(plain) + sum(doubled)) % 10 == 0


def ohip(digits: str) -> bool:
    """A possible health number of Ontario."""
    return len(digits) == 10 and digits[0] != "0" and luhn(digits)


def bc_phn(digits: str) -> bool:
    """A possible personal health number of British Columbia."""
    if len(digits) != 10 or digits[0] != "9":
        return False
    total = sum(int(d) * weight % 11 for d, weight in zip(digits[1:9], _BC_WEIGHTS, strict=True))
    return (11 - total) % 11 == int(digits[9])


def ramq_form(number: str) -> bool:
    """Whether twelve characters have the form of a health insurance number of Québec, with a real date."""
    letters, year_month_day, eleventh, last = number[:4], number[4:10], number[10:11], number[11:]
    if len(number) != 12 or not (
        letters.isascii() and letters.isalpha() and (year_month_day + last).isdigit()
    ):
        return False
    month, day = int(number[6:8]), int(number[8:10])
    month -= _WOMEN if month > _WOMEN else 0
    return eleventh.upper() in _ELEVENTH and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]


def ramq(number: str) -> bool:
    """Whether the last character is right as well, in one of the two possible centuries."""
    if not ramq_form(number):
        return False
    number = number.upper()
    month = int(number[6:8])
    sex, month = ("F", month - _WOMEN) if month > _WOMEN else ("M", month)
    rest = f"{sex}{month:02d}{number[8:11]}"
    return any(
        _ramq_check(f"{number[:4]}{century}{number[4:6]}{rest}") == number[11] for century in ("19", "20")
    )


def _ramq_check(fourteen: str) -> str:
    return str(sum(_EBCDIC[c] * w for c, w in zip(fourteen, _RAMQ_WEIGHTS, strict=True)) % 10)
