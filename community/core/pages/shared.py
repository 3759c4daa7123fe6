"""Pages of members that are the same for many of them but in a few places.

Such a page is made once, for a stand-in who has the rights of its readers and nothing else of them: whoever
makes it cannot put anybody into it, because nobody is there. It is kept under everything it was made of;
what is each reader's own (their name, their token, the masthead) is put into its places when it is given.
Where a reader's own thing is one of a few (how closely they follow), the page holds all of them, and the
reader is given one.

Long pages are kept compressed, and are put together so (``joined``); short ones, with many places, as they
are. How many minutes ago something was is a place too: a page is not made anew because they go by.
"""

from __future__ import annotations

import gzip
import re
import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from community.core import clock, i18n
from community.core.i18n import current_language
from community.core.ids import new_key
from community.core.pages.joined import join, pack, plain
from community.core.pages.keeping import pages
from community.core.pages.sheets import Ago, Choice, Place, Sheet, Text

MOST_PARTS = 1_024
AN_HOUR = timedelta(hours=1)
# Plain letters, so that an address and an attribute take them as they are. Drawn anew by each process:
# a place that somebody could write into a post would tell its author, by a link, who reads it.
_DRAWN = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(16))
_PLACE = re.compile(rf"ZZ{_DRAWN}Z([a-z0-9]+)(?:Z([a-z0-9]+)Z([a-z]*))?ZZ")
_MAKING = "making_shared_page"
_MILLIONTH = timedelta(microseconds=1)
_BEGAN = datetime(1970, 1, 1, tzinfo=UTC)


def place(name: str) -> str:
    """What stands in a page where something of each reader goes; the name in small letters and digits."""
    return f"ZZ{_DRAWN}Z{name}ZZ"


_TOKEN = place("token")
NOBODY, NAME, MONOGRAM = place("nobody"), place("name"), place("monogram")

Fill = Callable[[], Iterable[Text]]


@dataclass(frozen=True)
class Reader:
    """What goes into the places of a page, and which of the choices."""

    places: Mapping[str, Fill]
    choices: Mapping[str, str]


# Making


class making:  # noqa: N801 - reads as a sentence: with making(): …
    """A block in which a page is made for everybody: what is one reader's own is left open."""

    def __enter__(self) -> None:
        setattr(g, _MAKING, True)

    def __exit__(self, *_problem: object) -> None:
        delattr(g, _MAKING)


def in_making() -> bool:
    """Whether a page for many is being made."""
    return bool(g.get(_MAKING))


def left_open(name: str) -> Markup:
    """A place as HTML."""
    return Markup(place(name))  # noqa: S704 - plain letters


def own_place(name: str, value: object) -> object:
    """What is one reader's own; while a page for many is made, its place."""
    return left_open(name) if in_making() else value


def form_key() -> str:
    """The hidden key of a form: a new one, or its place."""
    return place("form") if in_making() else new_key()


def moment(value: datetime | None, protected: bool = False) -> str:
    """A moment as readers say it (``i18n.moment``); in a page for many, of one that is said in minutes, its
    place: the page stays the same while they go by."""
    if value is None or protected or not in_making() or clock.now() - value >= AN_HOUR:
        return i18n.moment(value, protected)
    return place(f"agoZ{(value - _BEGAN) // _MILLIONTH}Z")


def one_of(name: str, among: Sequence[str], chosen: str, caller: Callable[[str], str]) -> Markup:
    """What this reader chose; while a page for many is made, everything that one may choose.

    In a template: ``{% call(level) one_of("level", levels, mine) %}…{% endcall %}``

    :param name: in small letters and digits, as are the choices; ``chosen`` is one of ``among``.
    """
    if not in_making():
        return Markup(caller(chosen))  # noqa: S704 - a template's own block
    all_of_them = "".join(f"{place(f'whenZ{name}Z{one}')}{caller(one)}" for one in among)
    return Markup(f"{all_of_them}{place('end')}")  # noqa: S704 - the same


def cut(page: str, *, packed: bool = False, plain: bool = False) -> Sheet:
    """A page that was just made, in what stands between its places; its token is left open.

    :param packed: compressed. :param plain: as it is.
    """
    first, *rest = _PLACE.split(page)
    sheet = here = _text(first, packed, plain)
    among: dict[str, Sheet] = {}
    for name, what, which, text in zip(*[iter(rest)] * 4, strict=True):
        if name == "when":
            if here is sheet:
                among = {}
                sheet.append(Choice(what, among))
            here = []
            among[which] = here
        elif name == "end":
            here = sheet
        elif name == "ago":
            here.append(Ago(_BEGAN + int(what) * _MILLIONTH))
        else:
            here.append(Place(name))
        here += _text(text, packed, plain)
    return sheet


def _text(text: str, packed: bool, plain: bool) -> list[Text | Place | Ago | Choice]:
    if not text:
        return []
    token = g.get("csrf_token") or ""
    said = (text.replace(token, _TOKEN) if token else text) if plain else ""
    return [Text(said, pack(text, token) if packed else None)]


def part(made_of: Hashable, make: Callable[[], str]) -> Sheet:
    """What goes into a place and is the same for many: made once for everything that it is made of.

    :param made_of: a name, then every value that stands in it; the language of the page is always one.
    """
    parts, name = pages().parts, (current_language(), made_of)
    found = parts.get(name)
    if found is None:
        if len(parts) >= MOST_PARTS:
            parts.clear()
        found = parts[name] = cut(make(), packed=True, plain=True)
    return found


# Giving


def given(sheet: Sheet, reader: Reader) -> Response:
    """A page that is kept compressed, for one reader. :raises KeyError: they have nothing for a place."""
    said = (text.packed or plain(text.said.encode()) for text in filled(sheet, reader))
    body = join(said, generate_csrf())
    answer = Response(body, mimetype="text/html")
    answer.vary.add("Accept-Encoding")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer.set_data(gzip.decompress(body))
    return answer


def read_out(sheet: Sheet, reader: Reader) -> str:
    """The same of a page that is kept as it is."""
    said = "".join([text.said for text in filled(sheet, reader)])
    return said.replace(_TOKEN, generate_csrf()) if _TOKEN in said else said


def filled(sheet: Sheet, reader: Reader) -> Iterator[Text]:
    """Its parts in order, with the reader's own in its places."""
    for part in sheet:
        if isinstance(part, Text):
            yield part
        elif isinstance(part, Place):
            yield from reader.places[part.name]()
        elif isinstance(part, Ago):
            yield Text(str(escape(i18n.moment(part.at))))
        else:
            yield from filled(part.among[reader.choices[part.name]], reader)


def words(said: str) -> Fill:
    """A text of the reader for one place, not yet escaped."""
    return lambda: (Text(str(escape(said))),)


def html(said: str) -> Fill:
    """What was made for this reader alone, as safe HTML."""
    return lambda: (Text(said),)


def new_form_key() -> Iterable[Text]:
    """A new hidden key for each form."""
    return (Text(new_key()),)
