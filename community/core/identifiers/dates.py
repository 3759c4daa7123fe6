"""Full dates of birth: a day, a month and a year beside a word that says so. Other dates are free."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from community.core.identifiers.finding import Found
from community.core.identifiers.normal import Plain

_MONTHS = (
    r"(?:jan(?:uary|vier|v)?|feb(?:ruary)?|f[ée]v(?:rier|r)?|mar(?:ch|s)?|apr(?:il)?"
    r"|avr(?:il)?|ma[iy]|june?|juin|jul(?:y)?|juil(?:let)?"
    r"|aug(?:ust)?|ao[ûu]t|sept?(?:ember|embre)?|oct(?:ober|obre)?|nov(?:ember|embre)?"
    r"|dec(?:ember)?|d[ée]c(?:embre)?)\.?"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:er|st|nd|rd|th)?"
_SAID_DAY = (
    r"(?:premier|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix(?:-(?:sept|huit|neuf))?|onze|douze|treize"
    r"|quatorze|quinze|seize|vingt(?:(?: et |-et-)un|[ -](?:deux|trois|quatre|cinq|six|sept|huit|neuf))?"
    r"|trente(?:(?: et |-et-)un)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh"
    r"|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
    r"|twenty[ -](?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|thirtieth|thirty[ -]first)"
)
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_S = r"[ \n]{0,2}[\-/. ,][ \n]{0,2}"
_DATE = re.compile(
    rf"(?<![\d/.\-])(?:{_YEAR}{_S}{_MONTH}{_S}(?:0?[1-9]|[12]\d|3[01])|{_YEAR}(?:0[1-9]"
    rf"|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    rf"|(?:0?[1-9]|[12]\d|3[01]){_S}(?:0?[1-9]|[12]\d|3[01]){_S}(?:{_YEAR}|\d\d)"
    rf"|(?:0?[1-9]|[12]\d|3[01]){_MONTHS}{_YEAR}"
    rf"|(?:{_DAY}|{_SAID_DAY})(?: (?:of|de))?[ \-,]{{1,2}}{_MONTHS}[ \-,]{{1,2}}(?:{_YEAR}|'?\d\d)"
    rf"|{_MONTHS}[ \-]{{1,2}}{_DAY}(?:, | |,|-){_YEAR}"
    rf"|{_YEAR}[ \-,]{{1,2}}{_MONTHS}[ \-,]{{1,2}}{_DAY})(?![\d])"
)
_CUE = re.compile(
    # Looked at first: most letters begin none of them.
    r"(?=[abdfn])(?:\bborn\b|\bbirth(?:day|date|[ -]date)?\b|\bd\.?\s?o\.?\s?b\b\.?"
    r"|(?<!\w)n[ée]e?\(?e?\)? (?:le|un|une|en|:)|\bn[ée]e?\(?e?\)?[ :]{1,2}(?=\d)"
    r"|\bd\.?\s?d\.?\s?n\b\.?|\bnaissance\b|\banniversaire\b|\bb-?day\b|\bfête le\b)"
)
_OF_MANY = re.compile(
    r"\b(?:n[ée]e?s\b|(?:infants|babies|children|people|persons|adults|those|women|men"
    r"|patients|participants|everyone|anyone|all|cohort|enfants"
    r"|personnes|b[ée]b[ée]s)\s+(?:\w+\s+){0,3}(?:born|n[ée]e?s)|born (?:before|after|between"
    r"|since|on or (?:before|after))|birth cohort|cohorte de naissance)"
)
_REACH = 60
_LONGEST = 30  # characters of a date


def recognize(read: Plain) -> Iterator[Found]:
    """Dates within sixty characters of a word for birth, of one person."""
    dates: deque[re.Match[str]] = deque()
    past, ahead, coming = 0, None, None
    for cue in _CUE.finditer(read.lower):
        if ahead is None:  # dates are looked for once, from the first such word on
            ahead = _DATE.finditer(read.lower, max(0, cue.start() - _REACH - _LONGEST))
            coming = next(ahead, None)
        while coming is not None and coming.start() <= cue.end() + _REACH:
            dates.append(coming)
            coming = next(ahead, None)
        while dates and dates[0].end() < max(past + 1, cue.start() - _REACH):
            dates.popleft()
        for date in dates:
            if (
                date.end() > past
                and date.start() <= cue.end() + _REACH
                and not _of_many(read.lower, date, cue)
            ):
                yield Found(date.start(), date.end(), "birth_date")
                past = date.end()
        six = _SIX.match(read.lower, cue.end()) if cue.end() >= past else None
        if six:
            yield Found(*six.span("date"), "birth_date")
            past = six.end()


# Six digits right after the word, as on a form: year, month and day in one of their orders.
_SIX = re.compile(r"[\s:#.)]{0,4}(?P<date>\d\d(?:0[1-9]|[12]\d|3[01])(?:\d\d))(?![\d.,]*\d)")


def _of_many(text: str, date: re.Match[str], cue: re.Match[str]) -> bool:
    low, high = min(cue.start(), date.start()), max(cue.end(), date.end())
    return bool(_OF_MANY.search(text, max(0, low - 40), high))
