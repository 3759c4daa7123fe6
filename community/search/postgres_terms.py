"""What the large index keeps of a document: what it is found by, and what each word is worth. Pure.

Found by: the terms of its text, and marks. A mark says where it stands, of what sort it is, on which day it
was written, and whether it is one of every 16, 64 or 256, so that a question which half of a million
messages answer is weighed and cut down without reading those. What a word is worth is worked out when the
document is written (BM25's share of how often it stands where, of how long a text): nothing of it depends on
any other document.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from struct import Struct

from community.core.regions import with_ancestors
from community.search import plan
from community.search.index import Document, Filters
from community.search.plan import Alternative, Form, Need, index_terms

SHARES = (256, 64, 16)  # one document of so many, drawn by its id; each share holds the one before it
TITLED = "!"  # before a term that stands in the title
_RECORD = Struct("<IB")
_LEAST, _STEP = 0.02, 1.03  # what a worth in one byte counts from, and by
_VALUES = (0.0, *(_LEAST * _STEP**place for place in range(255)))
_STAND = 1_000  # documents of one question, some 200 bytes each
_MANY = 48  # terms; more are looked up by reading the whole record

# What the mark of a facet begins with.
_BEGINNINGS = {"space": "#s", "region": "#r", "theme": "#h", "kind": "#k", "lang": "#l", "answered": "#a"}

Parts = tuple[list[str], list[str], list[str]]  # terms of title, context and body


def parts_of(document: Document) -> Parts:
    """The terms of a document."""
    lang = document.lang
    title, context, body = (
        list(index_terms(text, lang)) for text in (document.title, document.context, document.body)
    )
    return title, context, body


# What it is found by


def terms_of(document: Document, parts: Parts) -> list[str]:
    """Every term and mark of a document, each once, in the order of the database."""
    title, context, body = parts
    found = {*title, *context, *body, *titled(title), *_marks(document)}
    return sorted(found)


def titled(terms: Iterable[str]) -> set[str]:
    """The marks of a title's terms."""
    return {f"{TITLED}{term}" for term in terms if not term.startswith("^")}


def _marks(document: Document) -> Iterator[str]:
    yield in_space(document.space_id)
    if document.topic_key:
        yield in_topic(document.topic_key)
    for region in with_ancestors(document.region):
        yield f"#r{region}"
    yield f"#h{document.theme}"
    yield f"#k{document.topic_kind}"
    yield f"#l{document.lang}"
    if document.answered is not None:
        yield f"#a{int(document.answered)}"
    day = document.created_at.date().isoformat()
    yield from (f"@{day[:4]}", f"@{day[:7]}", f"@{day}")
    own = share_of(document.id)
    yield from (one_of(share) for share in SHARES if share <= own)


def in_space(space_id: int) -> str:
    """The mark of what stands in a space."""
    return f"#s{space_id}"


def in_topic(key: str) -> str:
    """The mark of what stands in a topic."""
    return f"#t{key}"


def share_of(id: str) -> int:
    """One of how many this document is: the rarest share that it belongs to, 1 if to none."""
    drawn = int(hashlib.md5(id.encode(), usedforsecurity=False).hexdigest()[:7], 16)
    return next((share for share in SHARES if drawn % share == 0), 1)


def one_of(share: int) -> str:
    """The mark of one document of so many."""
    return f"%{share}"


def narrowed(filters: Filters) -> Iterator[str]:
    """The marks of what passes the filters (but for times)."""
    for name, value in filters.facets():
        yield f"{_BEGINNINGS[name]}{int(value) if isinstance(value, bool) else value}"


def since(first: date, last: date) -> Iterator[str]:
    """The marks of the days from the first to the end of the last one's year: days, months, then years."""
    month, year = first.isoformat()[:7], first.year
    yield from (f"@{month}-{day:02}" for day in range(first.day, 32))
    yield from (f"@{year:04}-{later:02}" for later in range(first.month + 1, 13))
    yield from (f"@{later:04}" for later in range(year + 1, last.year + 1))


# As PostgreSQL is asked


def quoted(term: str) -> str:
    """A term as it stands in a tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def any_of(terms: Iterable[str]) -> str:
    """One of them."""
    return "(" + " | ".join(quoted(term) for term in terms) + ")"


def one_need(need: Need) -> str:
    """What answers a need."""
    return " | ".join(_alternative(one) for one in need.alternatives)


def in_title(need: Need) -> str:
    """What has the word itself in its title."""
    return any_of(sorted(titled(term for form in need.alternatives[0].forms for term in _terms(form))))


def _alternative(alternative: Alternative) -> str:
    return "(" + " & ".join(any_of(_terms(form)) for form in alternative.forms) + ")"


def _terms(form: Form) -> tuple[str, ...]:
    return (form.exact, *form.stems)


# What each word is worth


def worth_of(parts: Parts) -> bytes:
    """A record for each term of each part: what it is called in 32 bits, and what it is worth in 8."""
    weights = (plan.TITLE, plan.CONTEXT, plan.BODY / _stretch(parts[2]))
    return b"".join(worth_in(terms, weight) for terms, weight in zip(parts, weights, strict=True))


def body_weight(terms: Sequence[str]) -> float:
    """What a word said once in a text of these terms is worth, before it is said again."""
    return plan.BODY / _stretch(terms)


def _stretch(terms: Sequence[str]) -> float:
    # Each word is there twice, folded and stemmed.
    return 1 - plan.B + plan.B * (len(terms) / 2) / plan.USUAL_LENGTH


def worth_in(terms: Iterable[str], weight: float) -> bytes:
    """The records of one part."""
    counted = Counter(term for term in terms if not term.startswith("^"))
    return b"".join(
        _RECORD.pack(_called(term), _rounded(weight * count * (1.0 if term[0] == "=" else plan.STEM_WEIGHT)))
        for term, count in counted.items()
    )


def _called(term: str) -> int:
    return zlib.crc32(term.encode())


def _rounded(value: float) -> int:
    return min(max(1 + round(math.log(value / _LEAST) / math.log(_STEP)), 1), 255)


class Weighing:
    """What documents are worth to the needs of one question.

    What was worked out stands as long as the question does (:func:`weighing_of`): who looks at its next page
    or narrows it down asks about the same documents again. A document that changed has another record.
    """

    def __init__(self, needs: Sequence[Need]) -> None:
        self.needs = needs
        terms = {
            term
            for need in needs
            for one in need.alternatives
            for form in one.forms
            for term in (form.exact, *form.stems)
        }
        self._called = {_called(term): term for term in sorted(terms)}
        self._records = [(called.to_bytes(4, "little"), term) for called, term in self._called.items()]
        self._known: dict[tuple[str, int], tuple[float, ...]] = {}

    def known(self, id: str, worth: bytes) -> tuple[float, ...]:
        """As :meth:`of`, worked out once for each record of the document with this id."""
        name = (id, hash(worth))
        found = self._known.get(name)
        if found is None:
            if len(self._known) >= _STAND:
                self._known = {}
            found = self._known[name] = tuple(self.of(worth))
        return found

    def of(self, worth: bytes) -> list[float]:
        """For each need, between 0 (not answered) and its best alternative's weight."""
        values = self._read(worth) if len(self._records) > _MANY else self._looked_up(worth)
        if not values:
            return [0.0] * len(self.needs)
        return [max([_worth(one, values) for one in need.alternatives]) for need in self.needs]

    def _looked_up(self, worth: bytes) -> dict[str, float]:
        values: dict[str, float] = {}
        for called, term in self._records:
            place = worth.find(called)
            while place >= 0:
                if place % 5 == 0:
                    values[term] = values.get(term, 0.0) + _VALUES[worth[place + 4]]
                place = worth.find(called, place + 1)
        return values

    def _read(self, worth: bytes) -> dict[str, float]:
        values: dict[str, float] = {}
        for called, value in _RECORD.iter_unpack(worth):
            if called in self._called:
                term = self._called[called]
                values[term] = values.get(term, 0.0) + _VALUES[value]
        return values


@lru_cache(maxsize=32)
def weighing_of(needs: tuple[Need, ...]) -> Weighing:
    """For questions asked lately."""
    return Weighing(needs)


def _worth(alternative: Alternative, values: dict[str, float]) -> float:
    """Nothing unless each of its words is there: then what the least said one is worth."""
    least = 1.0
    for form in alternative.forms:
        value = values.get(form.exact, 0.0)
        for stem in form.stems:
            if stem in values and values[stem] > value:
                value = values[stem]
        if not value:
            return 0.0
        least = min(least, value / (value + plan.K1))
    return alternative.weight * least
